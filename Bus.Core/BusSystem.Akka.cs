using System.Collections.Concurrent;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Bus.Core;

/// <summary>The one file of the bus that knows the runtime: how an actor system is started, and what comes with one.</summary>
internal static class BusSystem
{
    /// <summary>What the actor system of a bus is called if it is the bus that starts it.</summary>
    public const string DefaultName = "ipcbus";

    /// <summary>The name of a bus among the actors of its system. What stands beside it has this before its own name.</summary>
    public const string RootName = "bus";

    /// <summary>
    /// The mailbox of an actor loses nothing when the actor stops. Akka's own does: who reads the mailbox of an actor, then is held up while the actor
    /// stops and its mailbox is emptied, puts the message into a queue that nobody looks into again. The bus counts on the dead letters: they
    /// give memory back, answer requests and let fences pass.
    /// </summary>
    public static readonly Config KeepingMailboxes = ConfigurationFactory.ParseString(
        $$"""
        akka.actor.default-mailbox.mailbox-type = "{{typeof(KeepingMailbox).FullName}}, {{typeof(KeepingMailbox).Assembly.GetName().Name}}"
        """);

    // The output belongs to the application, so Akka prints nothing: what it logs goes through the event stream to the host's logger. When to stop is
    // the host's decision, so no hook in the end of the process. An Ask is always finite, and here as on the built-in runtime.
    private static readonly Config Settings = ConfigurationFactory.ParseString(
        """
        akka {
          loggers = []
          stdout-loglevel = OFF
          log-dead-letters = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          actor.ask-timeout = 30s
        }
        """).WithFallback(KeepingMailboxes);

    /// <summary>Starts an actor system that logs to its event stream only.</summary>
    public static ActorSystem Create(string name) => ActorSystem.Create(name, Settings);

    /// <summary>What was added to the bus of an actor system when that was set up; null if nothing was.</summary>
    public static object? PartsIn(ActorSystem system) => system.Settings.Setup.Get<BusSetup>() is { HasValue: true } setup ? setup.Value.Parts : null;

    /// <summary>Marks an actor of the data path. Akka's dispatcher runs it like any other.</summary>
    public static Props OnDataPath(Props props) => props;

    /// <summary>The recipe of one of very many actors of the data path: they share the factory, and differ in what they are made from.</summary>
    public static Props OnDataPath<TActor>(object state, Func<object, TActor> factory)
        where TActor : ActorBase => Props.CreateBy(new StateProducer<TActor>(state, factory));

    /// <summary>Nothing to wait for: Akka's dispatcher has queued every actor that was told something.</summary>
    public static ReadScope BeginRead(bool isStream) => default;

    /// <summary>An empty scope.</summary>
    public readonly ref struct ReadScope : IDisposable
    {
        /// <summary>Does nothing.</summary>
        public void Dispose()
        {
        }
    }

    internal sealed class KeepingMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<KeepingQueue>
    {
        public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new KeepingQueue();
    }

    /// <summary>
    /// An unbounded queue that passes on to the dead letters what still comes when it has been emptied for good. Either the one who enqueues sees that, or
    /// the one who empties sees the message: each first writes, with a full fence, and then looks.
    /// </summary>
    internal sealed class KeepingQueue : IMessageQueue, IUnboundedMessageQueueSemantics
    {
        private readonly ConcurrentQueue<Envelope> _queue = new();
        private IMessageQueue? _deadLetters;

        public bool HasMessages => !_queue.IsEmpty;

        public int Count => _queue.Count;

        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            _queue.Enqueue(envelope);
            if (Volatile.Read(ref _deadLetters) is { } deadLetters) Drain(receiver, deadLetters);
        }

        public bool TryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);

        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
            Interlocked.Exchange(ref _deadLetters, deadletters);
            Drain(owner, deadletters);
        }

        private void Drain(IActorRef owner, IMessageQueue deadLetters)
        {
            while (_queue.TryDequeue(out var envelope)) deadLetters.Enqueue(owner, envelope);
        }
    }
}

/// <summary>Carries what is added to the bus of an application's actor system into that system.</summary>
internal sealed class BusSetup(object parts) : Setup
{
    public object Parts => parts;
}

/// <summary>Makes an actor from a state and a factory.</summary>
internal sealed class StateProducer<TActor>(object state, Func<object, TActor> factory) : IIndirectActorProducer
    where TActor : ActorBase
{
    public Type ActorType => typeof(TActor);

    public ActorBase Produce() => factory(state);

    public void Release(ActorBase actor)
    {
    }
}

using Bus.Core;
using Bus.Core.Messages;
using Bus.Core.Presence;
using Bus.Core.State;
using Bus.Transport.Channels;
using Bus.Transport.Endpoints;
using Bus.Transport.JsonLines;
using Bus.Transport.Nats;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Bus.Transport.Connections;

/// <summary>
/// Accepts connections on every endpoint, one actor each, and supervises them. A connection that fails is stopped, never
/// restarted: half a frame is never parsed again, and the client reconnects.
/// </summary>
internal sealed class ConnectionManager : UntypedActor
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly ConnectionOptions _options;
    private readonly IActorRef _topics;
    private readonly BusEnvironment _environment;
    private readonly ServerIdentity _identity;
    private readonly ILogger _log;
    private readonly ILogger<ConnectionActor> _connectionLog;
    private readonly CancellationTokenSource _stopping = new();
    private readonly IReadOnlyList<IBusListener> _listeners;
    private readonly HashSet<IBusListener> _deaf = [];
    private readonly HashSet<IActorRef> _taking = [];
    private int _count;
    private bool _isStopping;

    public ConnectionManager(IReadOnlyList<IBusListener> listeners, ConnectionOptions options, IActorRef topics, BusEnvironment environment, ServerIdentity identity)
    {
        _options = options;
        _topics = topics;
        _environment = environment;
        _identity = identity;
        _log = environment.Loggers.CreateLogger<ConnectionManager>();
        // One for all: to make one spells the type's name out anew.
        _connectionLog = new Logger<ConnectionActor>(environment.Loggers);
        _listeners = listeners;
    }

    protected override void PreStart()
    {
        // Each listener has one accept under way at a time.
        foreach (var listener in _listeners) Accept(listener);
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PostStop() => _stopping.Cancel();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Accepted accepted:
                // First: a connection that cannot be opened must not be the last that is accepted.
                Accept(accepted.Listener);
                Open(Speaking(accepted), accepted.Listener);
                break;
            case AcceptFailed { Cause: OperationCanceledException or ObjectDisposedException } ended:
                _deaf.Add(ended.Listener);
                break;
            case AcceptFailed failed:
                // Out of file descriptors, say: it passes, and a tight loop would not help it.
                _deaf.Add(failed.Listener);
                ConnectionLog.AcceptFailed(_log, failed.Cause, failed.Listener.Endpoint.ToString());
                _environment.Roster.Report(new ConnectionProblem { Kind = ConnectionProblemKind.AcceptFailed, Text = failed.Cause.Message, Endpoint = failed.Listener.Endpoint.ToString(), Cause = failed.Cause });
                Context.System.Scheduler.ScheduleTellOnce(AcceptPause, Self, new AcceptAgain(failed.Listener), Self);
                break;
            case AcceptAgain again:
                _deaf.Remove(again.Listener);
                Accept(again.Listener);
                break;
            case GetHealth get:
                get.ReplyTo.Tell(new PartHealth(Problem(), _count), Self);
                break;
            case Terminated terminated:
                _count--;
                _environment.Counters.Connections.Decrement();
                Quiet(terminated.ActorRef);
                ConnectionLog.Closed(_log, terminated.ActorRef.Path.Name, _count);
                StopWhenEmpty();
                break;
            case CloseAll:
                StopIntake();
                break;
            case IntakeOver:
                Quiet(Sender);
                break;
            case IntakeDue:
                _taking.Clear();
                Close();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private string? Problem() => _deaf.Count == 0 ? null : $"it does not accept connections on {string.Join(", ", _deaf.Select(l => l.Endpoint))}";

    /// <summary>
    /// First nobody is heard any more, and only when all that was heard has been passed on does anybody close: what the bus has
    /// confirmed to one is with the others.
    /// </summary>
    private void StopIntake()
    {
        if (_isStopping) return;
        _isStopping = true;
        _taking.UnionWith(Context.GetChildren());
        foreach (var connection in _taking) connection.Tell(EndIntake.Instance, Self);
        Context.System.Scheduler.ScheduleTellOnce(_options.IntakeGrace, Self, IntakeDue.Instance, Self);
        Close();
        StopWhenEmpty();
    }

    private void Quiet(IActorRef connection)
    {
        if (_taking.Remove(connection)) Close();
    }

    private void Close()
    {
        if (_taking.Count > 0) return;
        foreach (var connection in Context.GetChildren()) connection.Tell(new CloseConnection(Error: null), Self);
    }

    /// <summary>Connections close on their own, each within its grace.</summary>
    private void StopWhenEmpty()
    {
        if (_isStopping && _count == 0) Context.Stop(Self);
    }

    private void Accept(IBusListener listener) => listener.AcceptAsync(_stopping.Token).AsTask().PipeTo(
        Self,
        success: channel => new Accepted(channel, listener),
        failure: cause => new AcceptFailed(listener, cause));

    /// <summary>From here on every client speaks NATS.</summary>
    private BusChannel Speaking(Accepted accepted) => accepted.Listener.Endpoint.Protocol == BusProtocol.JsonLines
        ? new JsonLinesChannel(accepted.Channel, new JsonLimits(_options.MaxPayload, _options.MaxControlLine, _options.MaxJsonLine ?? (2 * _options.MaxPayload) + (64 * 1024)), _environment.Time)
        : accepted.Channel;

    private void Open(BusChannel channel, IBusListener listener)
    {
        if (_isStopping || _count >= _options.MaxConnections)
        {
            ConnectionLog.Refused(_log, listener.Endpoint.ToString(), _options.MaxConnections);
            if (!_isStopping) Report(channel, listener);
            channel.Refuse(NatsErrors.MaximumConnectionsExceeded.Line);
            return;
        }

        var id = _environment.NextConnectionId();
        var setup = new ConnectionSetup(channel, id, listener.Endpoint, _identity.InfoFor(id, listener.Endpoint, _options), _options, _topics, _environment, _connectionLog);
        Context.Watch(Context.ActorOf(BusSystem.OnDataPath(setup, static setup => new ConnectionActor((ConnectionSetup)setup)), $"c-{id}"));
        _count++;
        _environment.Counters.Connections.Increment();
        if (_log.IsEnabled(LogLevel.Debug)) ConnectionLog.Opened(_log, id, listener.Endpoint.ToString());
    }

    private void Report(BusChannel channel, IBusListener listener)
    {
        var peer = PeerCredentials.Of(channel);
        _environment.Roster.Report(new ConnectionProblem
        {
            Kind = ConnectionProblemKind.TooManyConnections,
            Text = NatsErrors.MaximumConnectionsExceeded.Text,
            Endpoint = listener.Endpoint.ToString(),
            Uid = peer.Uid,
            Pid = peer.Pid,
        });
    }

    private sealed record Accepted(BusChannel Channel, IBusListener Listener) : IUndeliverable
    {
        void IUndeliverable.Undelivered() => Channel.Dispose();
    }

    private sealed record AcceptAgain(IBusListener Listener);

    private sealed record AcceptFailed(IBusListener Listener, Exception Cause);
}

using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.State;

namespace Bus.Core.Topics;

/// <summary>
/// Owns the subscriptions: one topic actor per subscribed filter, and the routing table, of which it is the only writer.
/// Changes are collected during a run of the mailbox and published together at its end, so that 100,000 SUBs cost
/// 100,000 and not their square.
/// </summary>
internal sealed class TopicManager(TopicTable table, BusEnvironment environment) : UntypedActor, IWithTimers
{
    /// <summary>How long the actor of a filter without subscribers stays: a reply inbox that comes back finds it.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private static readonly object SweepTimer = new();

    private readonly TopicDeclarations _declarations = new(table, environment.Router, environment.Counters);

    public ITimerScheduler Timers { get; set; } = null!;

    private Router Router => environment.Router;

    private BusCounters Counters => environment.Counters;

    protected override void PreStart()
    {
        // Also after a restart: what was collected but not published must not wait for the next subscription.
        if (table.IsPublishing) Self.Tell(PublishChanges.Instance, Self);
        if (table.Lingering.Count > 0) ScheduleSweep();
    }

    /// <summary>The tables live elsewhere and the children are the topics: a fault of the manager stops none of them.</summary>
    protected override void PreRestart(Exception reason, object message) => PostStop();

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Subscribe subscribe:
                Add(subscribe);
                break;
            case Unsubscribe unsubscribe:
                Remove(unsubscribe.Subscriber);
                if (unsubscribe.Waiter is not { } waiter) break;
                table.Waiting.Add((unsubscribe.Subscriber, waiter));
                SchedulePublish();
                break;
            case UnsubscribeAll unsubscribe:
                foreach (var subscriber in unsubscribe.Subscribers) Remove(subscriber);
                break;
            case TopicRequest request:
                request.Waiting.Leave();
                Take(request);
                break;
            case PublishChanges:
                Publish();
                break;
            case Sweep:
                StopLingering();
                break;
            case GetHealth get:
                get.ReplyTo.Tell(new PartHealth(Problem: null, table.Records.Count), Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Take(TopicRequest request)
    {
        switch (request)
        {
            case DeclareTopic declare:
                _declarations.Declare(declare);
                SchedulePublish();
                break;
            case DeleteTopic delete:
                foreach (var record in _declarations.Delete(delete)) Changed(record);
                SchedulePublish();
                break;
            case ListTopics list:
                list.Asker.Tell(list, Self);
                break;
        }
    }

    private void Add(Subscribe subscribe)
    {
        var subscriber = subscribe.Subscriber;
        if (!_declarations.TryJoin(subscribe)) return;
        if (!table.Records.TryGetValue(subscriber.Utf8Filter, out var record))
        {
            table.Records.Add(subscriber.Utf8Filter, record = new TopicRecord(subscriber.Utf8Filter, environment));
            Counters.Filters.Increment();
        }

        record.Add(subscriber);
        Counters.Subscriptions.Increment();
        table.Waiting.Add((subscriber, subscribe.Waiter));
        Changed(record);
    }

    private void Remove(Subscriber subscriber)
    {
        if (!table.Records.TryGetValue(subscriber.Utf8Filter, out var record) || !record.Remove(subscriber)) return;
        Counters.Subscriptions.Decrement();
        _declarations.Leave(subscriber);
        Changed(record);
    }

    private void Changed(TopicRecord record)
    {
        if (!record.IsDirty)
        {
            record.IsDirty = true;
            table.Dirty.Add(record);
        }

        SchedulePublish();
    }

    private void SchedulePublish()
    {
        if (table.IsPublishing) return;
        table.IsPublishing = true;
        // First in, first out: this runs behind everything that is in the mailbox now.
        Self.Tell(PublishChanges.Instance, Self);
    }

    private void Publish()
    {
        table.IsPublishing = false;
        Newcomers? newcomers;
        lock (Router.Retained.Sync)
        {
            newcomers = Newcomers.Of(table, Router.Retained);
            foreach (var record in table.Dirty) Publish(record, newcomers);
            table.Dirty.Clear();
            Router.Publish();
        }

        // Only now: a message that is published after this finds the route, and the topic actor has the subscriber before it.
        foreach (var (subscriber, waiter) in table.Waiting)
        {
            if (newcomers is null || !newcomers.IsWelcomed(subscriber)) waiter.Registered(subscriber);
        }

        table.Waiting.Clear();
        foreach (var (asker, answer) in table.Answers) asker.Tell(answer, Self);
        table.Answers.Clear();
    }

    private void Publish(TopicRecord record, Newcomers? newcomers)
    {
        record.IsDirty = false;
        var set = record.PublishMembers();
        var welcome = newcomers?.For(record, set);
        table.Leaving.Remove(record, out var farewell);
        if (record.Route is not { } route)
        {
            // Nothing was ever delivered to them.
            farewell?.Tell();
            // A SUB and its UNSUB may lie in one run: such a filter never had an actor.
            if (set.IsEmpty)
            {
                Forget(record);
                return;
            }

            route = Start(record, set);
            // The route is not in the table yet: nothing comes before this.
            if (welcome is not null) route.Topic.Tell(welcome, Self);
        }
        else
        {
            route.Topic.Tell((object?)welcome ?? set, Self);
            if (farewell is not null) route.Topic.Tell(farewell, Self);
        }

        if (!set.HasQueues(route.QueueNames))
        {
            route.QueueNames = [.. set.Groups.Select(g => g.Name)];
            Router.QueueNamesChanged();
        }

        if (set.IsEmpty)
        {
            Retire(record, route);
        }
        else
        {
            if (!record.IsRouted) Router.Add(route);
            record.IsRouted = true;
            environment.Services.Subscribed(record.Filter, record.Members);
        }
    }

    private static TopicRoute Start(TopicRecord record, SubscriberSet set)
    {
        record.BeginWith(set);
        var actor = Context.ActorOf(BusSystem.OnDataPath(record, static record => new TopicActor((TopicRecord)record)));
        var route = new TopicRoute(record.Filter, actor);
        record.Introduce(route);
        return route;
    }

    private void Retire(TopicRecord record, TopicRoute route)
    {
        if (record.IsRouted)
        {
            Router.Remove(route);
            environment.Services.Unsubscribed(record.Filter);
        }

        record.IsRouted = false;
        record.EmptySince = environment.Time.GetTimestamp();
        table.Lingering.Enqueue((record, record.EmptySince));
        if (table.Lingering.Count == 1) ScheduleSweep();
    }

    private void ScheduleSweep() => Timers.StartSingleTimer(SweepTimer, Sweep.Instance, Linger);

    private void StopLingering()
    {
        while (table.Lingering.TryPeek(out var entry))
        {
            var (record, since) = entry;
            if (environment.Time.GetElapsedTime(since) < Linger)
            {
                ScheduleSweep();
                return;
            }

            table.Lingering.Dequeue();
            // Subscribed to again; if it was left again, it stands in the queue once more, further back.
            if (record.IsRouted || record.IsDirty || record.EmptySince != since) continue;
            // The filter may have a new record by now, which is not this one's to remove.
            if (!table.Records.TryGetValue(record.Filter, out var current) || !ReferenceEquals(current, record)) continue;
            Forget(record);
            Context.Stop(record.Route!.Topic);
        }
    }

    private void Forget(TopicRecord record)
    {
        if (table.Records.Remove(record.Filter)) Counters.Filters.Decrement();
    }

    private sealed class PublishChanges
    {
        public static readonly PublishChanges Instance = new();
    }

    private sealed class Sweep
    {
        public static readonly Sweep Instance = new();
    }
}

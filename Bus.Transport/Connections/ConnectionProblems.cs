using System.Net.Sockets;
using Bus.Core.Presence;
using Bus.Transport.Endpoints;
using Bus.Transport.Nats;
using Microsoft.Extensions.Logging;

namespace Bus.Transport.Connections;

/// <summary>Logs why a connection ends with an error, and tells the events of the bus. Owned by the connection actor.</summary>
internal sealed class ConnectionProblems(ConnectionSetup setup, Membership membership)
{
    private static readonly TimeSpan RefusalPause = TimeSpan.FromSeconds(1);

    private readonly ILogger _log = setup.Log;
    private long? _refusedAt;

    /// <summary>The connection is being closed: what it does from now on is no news.</summary>
    public bool IsOver { get; set; }

    public NatsError ProtocolError(NatsError error) => Closed(ConnectionProblemKind.ProtocolError, error);

    public NatsError NameRefused(NatsError error) => Closed(ConnectionProblemKind.NameRefused, error);

    public NatsError NotAuthorized(NatsError error, Exception? cause = null) => Closed(ConnectionProblemKind.NotAuthorized, error, cause);

    public NatsError Stale() => Closed(ConnectionProblemKind.Stale, NatsErrors.StaleConnection);

    /// <param name="pending">Bytes that wait for it.</param>
    /// <param name="hasStalled">Whether it held others back for as long as it may.</param>
    /// <param name="topic">The topic that wants it to be closed. Null: a limit of the connection does.</param>
    public NatsError SlowConsumer(long pending, bool hasStalled, string? topic)
    {
        if (IsOver) return NatsErrors.SlowConsumer;
        var options = setup.Options;
        setup.Environment.Counters.SlowConsumer();
        if (topic is not null) ConnectionLog.SlowForTopic(_log, setup.Id, topic, pending);
        else if (hasStalled) ConnectionLog.StalledTooLong(_log, setup.Id, options.StallBudget.TotalSeconds, options.StallWindow.TotalSeconds, pending);
        else ConnectionLog.SlowConsumer(_log, setup.Id, pending, options.MaxPending);
        Report(ConnectionProblemKind.SlowConsumer, NatsErrors.SlowConsumer.Text, cause: null);
        return NatsErrors.SlowConsumer;
    }

    /// <summary>One thing that the peer asked for is refused, and the connection goes on. A peer can do that without end: it is told once a second at most.</summary>
    public void Refused(NatsError error)
    {
        var now = setup.Environment.Time.GetTimestamp();
        if (_refusedAt is { } last && setup.Environment.Time.GetElapsedTime(last, now) < RefusalPause) return;
        _refusedAt = now;
        Report(ConnectionProblemKind.Refused, error.Text, cause: null);
    }

    /// <summary>The manager logs it.</summary>
    /// <returns>False: it goes on upwards.</returns>
    public bool Failed(Exception cause)
    {
        membership.Because(LeaveReason.Failed);
        Report(ConnectionProblemKind.Failed, cause.InnerException is { } inner ? $"{cause.Message} {inner.Message}" : cause.Message, cause);
        return false;
    }

    private NatsError Closed(ConnectionProblemKind kind, NatsError error, Exception? cause = null)
    {
        if (IsOver) return error;
        ConnectionLog.ProtocolError(_log, setup.Id, error.Text);
        Report(kind, error.Text, cause);
        return error;
    }

    private void Report(ConnectionProblemKind kind, string text, Exception? cause)
    {
        var client = membership.Info;
        var (pid, uid) = client is null ? Kernel() : new PeerCredentials(client.Pid, client.Uid);
        setup.Environment.Roster.Report(new ConnectionProblem
        {
            Kind = kind,
            Text = text,
            Endpoint = setup.Endpoint.ToString(),
            ConnectionId = setup.Id,
            Client = client,
            Uid = uid,
            Pid = pid,
            Cause = cause,
        });
    }

    private PeerCredentials Kernel()
    {
        try
        {
            return PeerCredentials.Of(setup.Channel);
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // The socket is gone before we could ask.
            return default;
        }
    }
}

using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>
/// Decides at CONNECT whether a client takes part: asks the hook of the bus, if there is one, then for the name. The reader waits behind CONNECT meanwhile, so that
/// nothing of the client is routed before. Owned by the connection actor.
/// </summary>
internal sealed class Admission(ConnectionSetup setup, Membership membership, ConnectionProblems problems, ConnectionWriter writer, ClientSession session, IActorRef connection) : IDisposable
{
    private CancellationTokenSource? _asking;
    private bool _isAdmitted;

    /// <summary>CONNECT has arrived.</summary>
    /// <param name="options">What the client says.</param>
    /// <param name="refusal">Why it may not take part. Null: it does.</param>
    /// <returns>False when the hook is being asked: <see cref="Authenticated"/> follows.</returns>
    public bool TryDecide(ConnectOptions options, out NatsError? refusal)
    {
        refusal = null;
        // Who is in stays in, whatever it says later.
        if (setup.Options.Authenticate is not { } hook || _isAdmitted)
        {
            refusal = Join(options);
            return true;
        }

        if (Membership.InvalidName(options) is { } invalid)
        {
            refusal = Refuse(invalid, problems.NameRefused);
            return true;
        }

        _asking = new CancellationTokenSource();
        var (request, cancellation) = (Request(options), _asking.Token);
        // Not here: a hook that blocks would block a thread of the data path.
        Task.Run(async () => await hook(request, cancellation), cancellation).PipeTo(connection, connection, decision => new Authenticated(options, decision, Fault: null), fault => new Authenticated(options, ConnectDecision.Allow, fault));
        return false;
    }

    /// <summary>The hook has answered.</summary>
    /// <returns>Why the client may not take part. Null: it does.</returns>
    public NatsError? Decide(Authenticated authenticated)
    {
        ForgetHook();
        var isOurs = authenticated.Options.Bus is not null;
        if (authenticated.Fault is { } fault)
        {
            ConnectionLog.AuthenticationFailed(setup.Log, fault, setup.Id);
            return Refuse(isOurs ? NatsErrors.AuthenticationFailed : NatsErrors.AuthorizationViolation, error => problems.NotAuthorized(error, fault), authenticated.Options);
        }

        if (authenticated.Decision?.Reason is { } reason) return Refuse(isOurs ? NatsErrors.NotAuthorized(Membership.Clean(reason) ?? "") : NatsErrors.AuthorizationViolation, error => problems.NotAuthorized(error), authenticated.Options);
        _isAdmitted = true;
        return Join(authenticated.Options);
    }

    /// <summary>Whoever had its name before has ended its subscriptions.</summary>
    public void GivenWay() => session.Registrations.Leave();

    /// <summary>The time to connect is over.</summary>
    /// <returns>Whether the client has not done it: it has not said a word, or is not let in yet.</returns>
    public bool IsLate() => !session.HasSpoken || (setup.Options.Authenticate is not null && !_isAdmitted);

    /// <summary>The connection ends: the hook need not answer any more, and who is not in by now does not come in.</summary>
    public void Dispose()
    {
        if (setup.Options.Authenticate is not null && !_isAdmitted) session.IsRefused = true;
        ForgetHook();
    }

    private void ForgetHook()
    {
        _asking?.Cancel();
        _asking?.Dispose();
        _asking = null;
    }

    private NatsError? Join(ConnectOptions options)
    {
        var isJoining = membership.Name is null;
        if (membership.Join(options) is { } refusal) return Refuse(refusal, problems.NameRefused);
        if (options.Verbose) writer.Append(NatsWriter.Ok);
        // Its own former connection, say, of whose end the bus does not know yet: what that one subscribed to must have ended first, or it could take the last place of a topic.
        if (!isJoining || !membership.HasFormer) session.Registrations.Leave();
        return null;
    }

    private NatsError Refuse(NatsError error, Func<NatsError, NatsError> report, ConnectOptions? wanted = null)
    {
        if (wanted is not null) membership.Refuse(wanted);
        // The reader waits behind its CONNECT, and will not go on.
        session.IsRefused = true;
        return report(error);
    }

    private ConnectRequest Request(ConnectOptions options) => new()
    {
        Client = membership.Describe(options),
        ConnectionId = setup.Id,
        User = options.User,
        Password = options.Password,
        Token = options.AuthToken,
        Payload = options.Bus?.Payload,
    };
}

/// <summary>Told to a connection: the hook has answered, or failed.</summary>
internal sealed record Authenticated(ConnectOptions Options, ConnectDecision? Decision, Exception? Fault);

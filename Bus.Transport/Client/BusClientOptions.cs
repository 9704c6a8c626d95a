using System.Text.Json;
using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.Rpc;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bus.Transport.Client;

/// <summary>How a client connects to a bus and keeps connected.</summary>
public sealed record BusClientOptions
{
    // A line of the protocol has 4 KiB, and the rest of CONNECT needs some.
    private const int MaxSecrets = 3072;

    /// <summary>
    /// The name by which others know this client and send to it: unique on the bus, one token of a topic. If another has it, connecting fails.
    /// Default: a generated one, <c>program-pid-random</c>. Either is kept over reconnects.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Whether another who has the name is to be closed, for good. Only one of the same user, where the bus knows both. Default: false.</summary>
    public bool TakeOverName { get; init; }

    /// <summary>What the bus publishes for this client when it dies without closing. Only an IpcBus does. Default: nothing.</summary>
    public LastWill? Will { get; init; }

    /// <summary>What the list of clients shows of this program. Default: the name of the program.</summary>
    public string Program { get; init; } = AppDomain.CurrentDomain.FriendlyName;

    /// <summary>
    /// The user that it says it is. This, <see cref="Password"/>, <see cref="Token"/> and <see cref="ConnectPayload"/> are sent only to a bus that asks who its clients are, as they are: over TCP,
    /// whoever can listen in can read them. Together they have at most 3,072 bytes as JSON. A bus that does not let the client in closes it for good, with a <see cref="BusRefusedException"/>. Default: none.
    /// </summary>
    public string? User { get; init; }

    /// <summary>The password of <see cref="User"/>. Default: none.</summary>
    public string? Password { get; init; }

    /// <summary>A token in place of user and password. Default: none.</summary>
    public string? Token { get; init; }

    /// <summary>Whatever else the bus is to know before it lets this client in. Only an IpcBus can be told. Default: nothing.</summary>
    public string? ConnectPayload { get; init; }

    /// <summary>
    /// How many sockets it has: 1 to 64. To the bus it is one client all the same. Each topic is published and requested over one of them, in order; topics over different ones have no common
    /// order, with each other and with what is subscribed meanwhile. Subscriptions, answers and all that belongs to the client as a whole are on the first. <see cref="PendingLimit"/> and
    /// <see cref="Offline"/> are for each. See docs/performance.md for when it helps, and <see cref="ClientPool.GetSockets"/> for what they do. Default: 1.
    /// </summary>
    public int Connections { get; init; } = 1;

    /// <summary>Whether its subscriptions get what it publishes itself. Default: true.</summary>
    public bool Echo { get; init; } = true;

    /// <summary>Writes and reads payloads that are neither bytes nor text. Default: JSON.</summary>
    public IBusSerializer Serializer { get; init; } = JsonBusSerializer.Default;

    /// <summary>
    /// Others besides <see cref="Serializer"/>: they read the messages whose content type is theirs and answer them likewise, and they write and read the types that those before
    /// them do not support. Default: none.
    /// </summary>
    public IReadOnlyList<IBusSerializer> Serializers { get; init; } = [];

    /// <summary>Whether what this client publishes is compressed, and how large what it receives may become. Default: nothing is, and 16 MiB.</summary>
    public CompressionOptions Compression { get; init; } = new();

    /// <summary>The timeout of requests that name none: more than zero and at most a day, or <see cref="Timeout.InfiniteTimeSpan"/>. Default: 5 seconds.</summary>
    public TimeSpan RequestTimeout { get; init; } = RequestOptions.DefaultTimeout;

    /// <summary>Bytes of answers, with their requests, that are kept for later calls (<see cref="ServiceCallOptions.CacheFor"/>). Zero: none. Default: 16 MiB.</summary>
    public long MaxCachedBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long one attempt to connect may take, handshake included. Default: 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long <see cref="BusClient.ConnectAsync(string, BusClientOptions?, CancellationToken)"/> waits for a bus that is not there
    /// yet. Default: zero, the first attempt decides. <see cref="Timeout.InfiniteTimeSpan"/>: for ever.
    /// </summary>
    public TimeSpan WaitForBus { get; init; }

    /// <summary>
    /// Whether a bus from <see cref="BusClient.Open(string, BusClientOptions?)"/> connects only when something is asked of it.
    /// Default: false, it connects at once.
    /// </summary>
    public bool ConnectOnUse { get; init; }

    /// <summary>Whether a lost connection is made anew. Default: true. If not, the bus is closed with the connection: what has arrived is still handled, and its subscriptions end with the error.</summary>
    public bool Reconnect { get; init; } = true;

    /// <summary>The wait before the first attempt to reconnect; <see cref="ReconnectBackoff"/> says how it grows, and it varies by half. Default: 50 milliseconds.</summary>
    public TimeSpan ReconnectMinDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait between two attempts. Default: 2 seconds.</summary>
    public TimeSpan ReconnectMaxDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How the wait grows from attempt to attempt. Default: it doubles.</summary>
    public ReconnectBackoff ReconnectBackoff { get; init; }

    /// <summary>Attempts in a row after which connecting is given up and the bus is closed, as without <see cref="Reconnect"/>. Default: null, never.</summary>
    public int? MaxReconnectAttempts { get; init; }

    /// <summary>What happens to messages that are published without a connection. Default: 8 MiB of them are kept, then publishing fails.</summary>
    public OfflineOptions Offline { get; init; } = new();

    /// <summary>Bytes that may wait to be sent over the connection before publishing waits. Default: 1 MiB.</summary>
    // More only fills the caches: 8 MiB cost a fifth more CPU for each message of 128 B over TCP.
    public long PendingLimit { get; init; } = 1024 * 1024;

    /// <summary>Bytes received that may wait for slow subscriptions before nothing more is read. Default: 4 MiB.</summary>
    public long ReceiveWindow { get; init; } = 4 * 1024 * 1024;

    /// <summary>How often a silent bus is asked whether it is there. Default: 30 seconds.</summary>
    public TimeSpan PingInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many of these questions may stay unanswered before the connection counts as dead. Default: 2.</summary>
    public int MaxPingsOut { get; init; } = 2;

    /// <summary>Where to log. Default: nowhere.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Checks that the values make sense.</summary>
    /// <exception cref="ArgumentException">One does not; the message names it and what is allowed.</exception>
    public void Validate()
    {
        if (Name is not null) SystemTopics.ValidateName(Name);
        ArgumentException.ThrowIfNullOrWhiteSpace(Program);
        ArgumentOutOfRangeException.ThrowIfLessThan(Connections, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Connections, 64);
        Will?.Validate();
        var secrets = new[] { User, Password, Token, ConnectPayload }.Sum(secret => secret is null ? 0 : JsonEncodedText.Encode(secret).EncodedUtf8Bytes.Length);
        if (secrets > MaxSecrets) throw new ArgumentException($"User, Password, Token and ConnectPayload have {secrets:N0} bytes as JSON; at most {MaxSecrets:N0} are allowed.");
        _ = CreateCodec();
        ArgumentNullException.ThrowIfNull(Loggers);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ConnectTimeout.Ticks, nameof(ConnectTimeout));
        OptionChecks.CheckRequestTimeout(RequestTimeout);
        ArgumentNullException.ThrowIfNull(Offline);
        Offline.Validate();
        if (WaitForBus != Timeout.InfiniteTimeSpan) ArgumentOutOfRangeException.ThrowIfNegative(WaitForBus.Ticks, nameof(WaitForBus));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ReconnectMinDelay.Ticks, nameof(ReconnectMinDelay));
        ArgumentOutOfRangeException.ThrowIfLessThan(ReconnectMaxDelay, ReconnectMinDelay);
        if (!Enum.IsDefined(ReconnectBackoff)) throw new ArgumentOutOfRangeException(nameof(ReconnectBackoff), ReconnectBackoff, "ReconnectBackoff has to be Exponential, Linear or Fixed.");
        if (MaxReconnectAttempts is { } attempts) ArgumentOutOfRangeException.ThrowIfNegative(attempts, nameof(MaxReconnectAttempts));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxCachedBytes);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PendingLimit);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ReceiveWindow);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PingInterval.Ticks, nameof(PingInterval));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxPingsOut);
    }

    internal PayloadCodec CreateCodec() => new(Serializer, Serializers, Compression);

    /// <summary>Some of it, without the secrets: it may go to a log.</summary>
    public override string ToString() => $"{nameof(BusClientOptions)} {{ Name = {Name}, Program = {Program}, User = {User} }}";
}

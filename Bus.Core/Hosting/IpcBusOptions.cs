using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.Routing;

namespace Bus.Core.Hosting;

/// <summary>The bus of a process.</summary>
public sealed record IpcBusOptions
{
    /// <summary>The name of the bus. Default: <c>ipcbus</c>.</summary>
    public string Name { get; init; } = "ipcbus";

    /// <summary>Writes and reads payloads that are neither bytes nor text. Default: JSON.</summary>
    public IBusSerializer Serializer { get; init; } = JsonBusSerializer.Default;

    /// <summary>
    /// Others besides <see cref="Serializer"/>: they read the messages whose content type is theirs and answer them likewise, and they write and read the types that those before
    /// them do not support. Default: none.
    /// </summary>
    public IReadOnlyList<IBusSerializer> Serializers { get; init; } = [];

    /// <summary>Whether what this process publishes is compressed, and how large what it receives may become. Default: nothing is, and 16 MiB.</summary>
    public CompressionOptions Compression { get; init; } = new();

    /// <summary>The largest message that this process may publish, headers and payload, in bytes. Default: 1 MiB, as on the wire.</summary>
    public int MaxPayload { get; init; } = 1024 * 1024;

    /// <summary>Bytes that this process may have on their way to slow subscribers before publishing waits. Default: 4 MiB.</summary>
    public long PublishWindow { get; init; } = 4 * 1024 * 1024;

    /// <summary>The timeout of requests of this process that name none: more than zero and at most a day, or <see cref="Timeout.InfiniteTimeSpan"/>. Default: 5 seconds.</summary>
    public TimeSpan RequestTimeout { get; init; } = RequestOptions.DefaultTimeout;

    /// <summary>Bytes of answers, with their requests, that each participant in this process keeps for later calls (<see cref="Rpc.ServiceCallOptions.CacheFor"/>). Zero: none. Default: 16 MiB.</summary>
    public long MaxCachedBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How much is kept as the last values of topics. Default: 10,000 values, 64 MiB.</summary>
    public RetainedOptions Retained { get; init; } = new();

    /// <summary>Whether topics have to be declared before they are used. Default: no, they come to be by being used.</summary>
    public TopicCreation TopicCreation { get; init; }

    /// <summary>Topics that are declared when the bus starts, and stay: nobody can delete them. Default: none.</summary>
    public IReadOnlyList<TopicDeclaration> Topics { get; init; } = [];

    /// <summary>Who may declare and delete other topics while it runs. Default: everybody who is on the bus.</summary>
    public TopicChanges TopicChanges { get; init; }

    /// <summary>How long stopping may take to let the handlers finish what has arrived. Default: 10 seconds.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What clients are told when the bus stops about when it will be back: they connect again then, instead of trying again and again. <see cref="Timeout.InfiniteTimeSpan"/>: it does not
    /// come back, and they close for good. At most a day. Can be changed while it runs (<see cref="BusNode.ComeBack"/>). Default: null, nothing, and they keep trying.
    /// </summary>
    public TimeSpan? ComeBack { get; init; }

    /// <summary>
    /// Called with the bus before it starts: the place to add handlers to its events, so that they miss none. Its exceptions end the start. Default: nothing.
    /// </summary>
    public Action<BusNode>? Starting { get; init; }

    /// <summary>Checks that the values make sense.</summary>
    /// <exception cref="ArgumentException">One does not; the message names it and what is allowed.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Name);
        _ = new PayloadCodec(Serializer, Serializers, Compression);
        OptionChecks.CheckRequestTimeout(RequestTimeout);
        ArgumentNullException.ThrowIfNull(Retained);
        Retained.Validate();
        DeclaredTopics();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxPayload);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPayload, 64 * 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(PublishWindow);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxCachedBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(StopTimeout.Ticks, nameof(StopTimeout));
        CheckComeBack(ComeBack);
    }

    /// <exception cref="ArgumentOutOfRangeException">It is out of range.</exception>
    internal static void CheckComeBack(TimeSpan? comeBack)
    {
        if (comeBack is { } time && time != Timeout.InfiniteTimeSpan && (time < TimeSpan.Zero || time > TimeSpan.FromDays(1)))
            throw new ArgumentOutOfRangeException(nameof(comeBack), time, $"The bus cannot come back in {time}: from zero to a day, or Timeout.InfiniteTimeSpan for never.");
    }

    /// <summary>The topics as the bus begins with them.</summary>
    internal TopicRules DeclaredTopics()
    {
        if (!Enum.IsDefined(TopicCreation)) throw new ArgumentOutOfRangeException(nameof(TopicCreation), TopicCreation, $"Choose one of {string.Join(", ", Enum.GetNames<TopicCreation>())}.");
        ArgumentNullException.ThrowIfNull(Topics);
        if (!Enum.IsDefined(TopicChanges)) throw new ArgumentOutOfRangeException(nameof(TopicChanges), TopicChanges, $"Choose one of {string.Join(", ", Enum.GetNames<TopicChanges>())}.");
        var rules = new TopicRules(TopicCreation, TopicChanges);
        foreach (var topic in Topics)
        {
            topic.Validate();
            if (rules.TryAdd(new TopicRule(topic.Name, topic.Policy) { IsFixed = true }) is { } refusal) throw new ArgumentException(refusal.Text, nameof(Topics));
        }

        return rules;
    }
}

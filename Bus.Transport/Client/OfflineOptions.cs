using Bus.Core.Client;

namespace Bus.Transport.Client;

/// <summary>What a client does with messages that are published while it has no connection.</summary>
public sealed record OfflineOptions
{
    /// <summary>Messages that are kept for the next connection. Default: 65,536. Zero: none, publishing fails at once.</summary>
    public int MaxMessages { get; init; } = 65_536;

    /// <summary>Bytes of messages that are kept, each counted with 64 more. Default: 8 MiB.</summary>
    public long MaxBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>What has waited for longer is dropped instead of sent, and noticed (<see cref="BusNoticeKind.MessageDropped"/>). Default: null, nothing expires.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>What happens to a message for which there is no room. Default: publishing it fails.</summary>
    public OfflineOverflow Overflow { get; init; } = OfflineOverflow.Fail;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxMessages);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxBytes);
        if (MaxAge is { } age) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(age.Ticks, nameof(MaxAge));
        if (!Enum.IsDefined(Overflow)) throw new ArgumentOutOfRangeException(nameof(Overflow), Overflow, "There is no such rule: it is Fail, DropOldest or DropNewest.");
    }
}

/// <summary>What happens when more is published without a connection than is kept.</summary>
public enum OfflineOverflow
{
    /// <summary>Publishing fails with a <see cref="NotConnectedException"/>. Nothing that was taken is dropped.</summary>
    Fail,

    /// <summary>The message that has waited longest is dropped, and noticed (<see cref="BusNoticeKind.MessageDropped"/>).</summary>
    DropOldest,

    /// <summary>The message itself is dropped, and noticed (<see cref="BusNoticeKind.MessageDropped"/>).</summary>
    DropNewest,
}

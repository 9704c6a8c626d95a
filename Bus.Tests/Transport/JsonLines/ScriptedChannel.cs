using System.Net.Sockets;
using System.Text;
using Bus.Transport.Channels;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>Gives what it was told to, and keeps what it is given.</summary>
internal sealed class ScriptedChannel(IEnumerable<byte[]> pieces) : BusChannel, IChannelSender
{
    private readonly Queue<byte[]> _pieces = new(pieces);
    private readonly TaskCompletionSource<int> _never = new();
    private Action<SocketError>? _completed;
    private string _sent = "";

    /// <summary>Whether sends have to wait for <see cref="Complete"/>.</summary>
    public bool Waits { get; init; }

    public int Sends { get; private set; }

    /// <summary>Whether a send waits.</summary>
    public bool IsSending { get; private set; }

    public string Sent => _sent;

    public override bool HasCredentials => false;

    public override ValueTask<int> ReceiveAsync(Memory<byte> room, CancellationToken cancellationToken = default)
    {
        if (room.IsEmpty) return default;
        if (!_pieces.TryDequeue(out var piece)) return new ValueTask<int>(_never.Task.WaitAsync(cancellationToken));
        piece.CopyTo(room);
        return new ValueTask<int>(piece.Length);
    }

    public override IChannelSender CreateSender(Action<SocketError> completed)
    {
        _completed = completed;
        return this;
    }

    public SocketError? Send(List<ArraySegment<byte>> pieces)
    {
        Sends++;
        IsSending = Waits;
        foreach (var piece in pieces) _sent += Encoding.UTF8.GetString(piece);
        return Waits ? null : SocketError.Success;
    }

    public void Complete(SocketError outcome)
    {
        IsSending = false;
        _completed!(outcome);
    }

    public override bool TryEndSending() => false;

    public override void Refuse(ReadOnlyMemory<byte> line)
    {
    }

    public override int GetSocketOption(int level, int name, Span<byte> value) => 0;

    public override void Dispose()
    {
    }
}

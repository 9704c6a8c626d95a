using System.Globalization;
using Bus.Core.Messages;

namespace Bus.Core.Routes;

/// <summary>The answer to a request, shared by all its handlers. A request has one answer.</summary>
public sealed class RouteResponse
{
    private readonly RouteSource _source;
    private readonly string _what;
    private int _isSent;

    internal RouteResponse(RouteSource source, string what) => (_source, _what) = (source, what);

    /// <summary>Sent along with the answer, also with an error. To be changed before it is sent; not thread-safe.</summary>
    public BusHeaders Headers { get; } = [];

    /// <summary>A number as in HTTP, for an answer that is no error. Default: 200.</summary>
    public int Status { get; set; } = 200;

    /// <summary>Whether the caller is asked not to come back: its <see cref="RouteClient"/> closes when it has the answer. Default: no.</summary>
    public bool EndConnection { get; set; }

    /// <summary>Whether it was answered.</summary>
    public bool IsSent => Volatile.Read(ref _isSent) != 0;

    /// <summary>Answers.</summary>
    /// <param name="value">Bytes and strings as they are, anything else by the serializer of the bus.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="AlreadySentException">It was answered already.</exception>
    /// <exception cref="Client.PayloadFormatException">The value cannot be written. It may still be answered in another way.</exception>
    /// <exception cref="Client.PayloadTooLargeException">The value is larger than the bus allows. It may still be answered in another way.</exception>
    public ValueTask SendAsync<T>(T value, CancellationToken cancellationToken = default) =>
        OnceAsync(() => _source.SendAsync(value, Marked(Status), cancellationToken));

    /// <summary>Answers with nothing but headers and status.</summary>
    /// <inheritdoc cref="SendAsync{T}(T, CancellationToken)"/>
    public ValueTask SendAsync(CancellationToken cancellationToken = default) => SendAsync(ReadOnlyMemory<byte>.Empty, cancellationToken);

    /// <summary>Answers with an error: the caller's call fails with a <see cref="Client.RemoteErrorException"/>.</summary>
    /// <param name="code">A number as in HTTP.</param>
    /// <param name="text">What went wrong, for a person.</param>
    /// <param name="error">A short symbolic name for programs, such as <c>not-found</c>. Default: none.</param>
    /// <param name="detail">More about it, such as JSON for the program that asked; cut off after 16 KiB. Default: none.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="AlreadySentException">It was answered already.</exception>
    public ValueTask FailAsync(int code, string text, string? error = null, string? detail = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return OnceAsync(() => _source.FailAsync(text, code, error, detail, Marked(200), cancellationToken));
    }

    private BusHeaders Marked(int status)
    {
        var headers = new BusHeaders();
        foreach (var (name, value) in Headers) headers.Add(name, value);
        if (status != 200) headers[RouteHeaders.Status] = status.ToString(CultureInfo.InvariantCulture);
        if (EndConnection) headers[RouteHeaders.EndConnection] = "true";
        return headers;
    }

    private async ValueTask OnceAsync(Func<ValueTask> send)
    {
        if (Interlocked.Exchange(ref _isSent, 1) != 0) throw new AlreadySentException(_what);
        try
        {
            await send();
        }
        catch
        {
            // Nothing was sent, so there may be another answer: that it was too large, say.
            Volatile.Write(ref _isSent, 0);
            throw;
        }
    }
}

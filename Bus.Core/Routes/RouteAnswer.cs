using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Routes;

/// <summary>The whole answer of a router: status, headers and body, or an error. Thread-safe, for nothing in it changes.</summary>
public sealed class RouteAnswer
{
    private readonly BusMessage? _message;

    internal RouteAnswer(BusMessage message)
    {
        (_message, Headers) = (message, message.Headers);
        Status = int.TryParse(Headers[RouteHeaders.Status], NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 200;
    }

    internal RouteAnswer(RemoteErrorException error) => (Error, Headers, Status) = (error, error.Headers, error.Code);

    /// <summary>A number as in HTTP: 200 unless the router has chosen another, or the code of the error.</summary>
    public int Status { get; }

    /// <summary>The error that it answered with. Null: it is none.</summary>
    public RemoteErrorException? Error { get; }

    /// <summary>Whether it is an error.</summary>
    public bool IsError => Error is not null;

    /// <summary>The headers that it came with.</summary>
    public BusHeaders Headers { get; }

    /// <summary>The bytes of the body. Empty when there is none, and for an error.</summary>
    public ReadOnlyMemory<byte> Payload => _message?.Payload ?? default;

    /// <summary>Whether the router asks not to be called again.</summary>
    public bool EndsConnection => Headers[RouteHeaders.EndConnection] == "true";

    /// <summary>The body, by the serializer of the bus; bytes and strings as they are. Without a body: the default value, which is null for classes.</summary>
    /// <exception cref="RemoteErrorException">It is an error.</exception>
    /// <exception cref="PayloadFormatException">The body cannot be read as this type.</exception>
    public T Read<T>()
    {
        if (_message is null) throw Error!;
        if (_message.Payload.IsEmpty && typeof(T) != typeof(string) && typeof(T) != typeof(byte[])) return default!;
        return _message.As<T>().Data;
    }
}

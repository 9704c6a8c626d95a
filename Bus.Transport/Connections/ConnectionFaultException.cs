namespace Bus.Transport.Connections;

/// <summary>A bug in the code of one connection, on its way to the supervisor, which stops that connection and no other.</summary>
internal sealed class ConnectionFaultException(string message, Exception inner) : Exception(message, inner);

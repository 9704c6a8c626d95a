namespace Bus.Akka.Serialization;

/// <summary>A value to write, or a payload to read, holds a type that the serializer does not take. When reading, nothing of that type was loaded or created.</summary>
public sealed class TypeNotAllowedException : Exception
{
    internal TypeNotAllowedException(string typeName, string reason, Exception? inner = null)
        : base($"The type {typeName} is refused: {reason}", inner) => (TypeName, Reason) = (typeName, reason);

    /// <summary>The type, as the payload names it or as it is called here.</summary>
    public string TypeName { get; }

    internal string Reason { get; }
}

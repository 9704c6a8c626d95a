using Microsoft.CodeAnalysis;

namespace Bus.Contracts;

/// <summary>What is said of contracts that cannot be.</summary>
internal static class ContractDiagnostics
{
    private const string Category = "IpcBus.Contracts";

    public static readonly DiagnosticDescriptor NotPartial = Error("IPCBUS001", "A contract and the types around it have to be partial",
        "'{0}' has to be 'partial', without 'file': the client and the dispatcher of the contract '{1}' are written into it");

    public static readonly DiagnosticDescriptor GenericContract = Error("IPCBUS002", "A contract has no type parameters",
        "The contract '{0}' has type parameters, or lies in a type that has some, so nobody knows what its requests are read as: let a contract without any inherit it, as 'interface IUsers : IStore<User>'");

    public static readonly DiagnosticDescriptor InvalidName = Error("IPCBUS003", "A name cannot be a token of a topic",
        "'{0}' cannot be the name of {1}: it has to have 1 to 128 characters, which may be letters, digits, '_' and '-' (a to z without accents){2}");

    public static readonly DiagnosticDescriptor DuplicateName = Error("IPCBUS004", "Two methods have one name",
        "'{0}' and '{1}' are both called '{2}' on the bus, which knows methods by their names alone: give one of them another by [BusMethod(\"...\")]");

    public static readonly DiagnosticDescriptor NotAsync = Error("IPCBUS005", "A method is not asynchronous",
        "'{0}' returns '{1}', but a call over the bus takes its time: return Task, Task<T>, ValueTask, ValueTask<T> or IAsyncEnumerable<T>");

    public static readonly DiagnosticDescriptor GenericMethod = Error("IPCBUS006", "A method has type parameters",
        "'{0}' has type parameters, so nobody knows what its requests are read as: declare a method for each type");

    public static readonly DiagnosticDescriptor ByReference = Error("IPCBUS007", "A parameter is passed by reference",
        "The parameter '{0}' of '{1}' is passed by '{2}', but only values cross the wire: take it as a value, and return what is to come back");

    public static readonly DiagnosticDescriptor NotAMethod = Error("IPCBUS008", "A member is not a method",
        "'{0}' is {1}, which cannot cross the wire: {2}");

    public static readonly DiagnosticDescriptor UnsupportedType = Error("IPCBUS009", "A type cannot cross the wire",
        "'{0}', in {1} of '{2}', cannot cross the wire: {3}");

    public static readonly DiagnosticDescriptor SpecialTwice = Error("IPCBUS010", "Two parameters are the same thing of the call",
        "'{0}' takes more than one {1}, but a call has only one");

    public static readonly DiagnosticDescriptor Stream = Error("IPCBUS011", "A stream is where none can be",
        "'{0}', in {1} of '{2}', is a stream, which cannot be there: {3}");

    public static readonly DiagnosticDescriptor InvalidValue = Error("IPCBUS012", "A value of an attribute makes no sense",
        "{0} of '{1}' is '{2}': it has to be {3}");

    public static readonly DiagnosticDescriptor NullIsEmpty = Warning("IPCBUS013", "Null arrives as empty",
        "{0} of '{1}' is a '{2}', which travels as it is and has no sign for null, so null arrives as empty: put it into a record, or take away the '?'");

    private static DiagnosticDescriptor Error(string id, string title, string message) => new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    private static DiagnosticDescriptor Warning(string id, string title, string message) => new(id, title, message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);
}

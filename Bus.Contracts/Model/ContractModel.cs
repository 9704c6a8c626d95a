namespace Bus.Contracts.Model;

/// <summary>All that is written for a contract depends on this alone, and equal ones are written once.</summary>
/// <param name="Namespace">Empty: the global one.</param>
/// <param name="Containers">The types around it, outermost first, as they are declared again: <c>partial class Outer</c>.</param>
/// <param name="Name">The interface without its namespace.</param>
/// <param name="FullName">The interface as any code can name it.</param>
/// <param name="Service">The name of the service.</param>
/// <param name="Version">Its version. Null: the contract does not say.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Methods">Its own, then those that it inherits.</param>
internal sealed record ContractModel(
    string Namespace,
    EquatableArray<string> Containers,
    string Name,
    string FullName,
    string Service,
    string? Version,
    string Description,
    EquatableArray<MethodModel> Methods);

/// <summary>A method.</summary>
/// <param name="DeclaredBy">The interface that declares it: the contract, or one that it inherits.</param>
/// <param name="Name">As C# calls it.</param>
/// <param name="WireName">As the bus calls it.</param>
/// <param name="RequestName">The type of the request when it has several values, or one that may be left out.</param>
/// <param name="ReturnType">As it is declared.</param>
/// <param name="ResultType">What is inside of the task, or the items of the stream. Null: nothing.</param>
/// <param name="Returns">What it returns.</param>
/// <param name="Description">What it does.</param>
/// <param name="TimeoutMs">0: none of its own.</param>
/// <param name="SafeToRetry">Whether it may be sent again.</param>
/// <param name="CacheMs">How old an answer may be. 0: each call is made.</param>
/// <param name="Parameters">All, in their order.</param>
internal sealed record MethodModel(
    string DeclaredBy,
    string Name,
    string WireName,
    string? RequestName,
    string ReturnType,
    string? ResultType,
    ReturnKind Returns,
    string Description,
    int TimeoutMs,
    bool SafeToRetry,
    int CacheMs,
    EquatableArray<ParameterModel> Parameters)
{
    /// <summary>Those that travel.</summary>
    public IEnumerable<ParameterModel> Values => Parameters.Where(parameter => parameter.Kind == ParameterKind.Value);

    /// <summary>The stream that the caller sends. Null: it sends none.</summary>
    public ParameterModel? Items => Parameters.FirstOrDefault(parameter => parameter.Kind == ParameterKind.Items);

    /// <summary>Whether its calls are streams.</summary>
    public bool IsStream => Returns == ReturnKind.Stream || Items is not null;
}

/// <summary>A parameter.</summary>
/// <param name="Name">As it is declared; the name on the wire.</param>
/// <param name="Identifier">The name, with @ before it if it is a keyword.</param>
/// <param name="Type">As any code can name it.</param>
/// <param name="ItemType">Of a stream, what its items are.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Default">As C# writes it. Null: it has to be given.</param>
/// <param name="MustNotBeNull">It is a reference, and not marked as one that may be null.</param>
/// <param name="Rules">Its validation attributes, as C# makes them.</param>
internal sealed record ParameterModel(string Name, string Identifier, string Type, string? ItemType, ParameterKind Kind, string? Default, bool MustNotBeNull, EquatableArray<string> Rules);

/// <summary>What a method returns.</summary>
internal enum ReturnKind
{
    /// <summary>A Task.</summary>
    Task,

    /// <summary>A ValueTask.</summary>
    ValueTask,

    /// <summary>An IAsyncEnumerable.</summary>
    Stream,
}

/// <summary>What a parameter is for.</summary>
internal enum ParameterKind
{
    /// <summary>It travels.</summary>
    Value,

    /// <summary>It travels beside the values, item by item.</summary>
    Items,

    /// <summary>The call itself, at the service.</summary>
    Context,

    /// <summary>The end of the call.</summary>
    Cancellation,
}

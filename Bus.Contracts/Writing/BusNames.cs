namespace Bus.Contracts.Writing;

/// <summary>What generated code names of the bus.</summary>
internal static class BusNames
{
    public const string Contract = "global::Bus.Core.Contracts.IBusContract";
    public const string Description = "global::Bus.Core.Contracts.ContractDescription";
    public const string Runtime = "global::Bus.Core.Contracts.ContractRuntime";
    public const string Bus = "global::Bus.Core.Client.IBus";
    public const string CallOptions = "global::Bus.Core.Rpc.ServiceCallOptions";
    public const string StreamCallOptions = "global::Bus.Core.Rpc.StreamCallOptions";
    public const string Streams = "global::Bus.Core.Rpc.StreamExtensions";
    public const string MethodOptions = "global::Bus.Core.Rpc.MethodOptions";
    public const string Service = "global::Bus.Core.Rpc.ServiceBuilder";
    public const string Services = "global::Bus.Core.Rpc.ServiceExtensions";

    public const string Rule = "global::System.ComponentModel.DataAnnotations.ValidationAttribute";

    /// <summary>What travels when there is nothing to say: no bytes.</summary>
    public const string Nothing = "global::System.ReadOnlyMemory<byte>";
}

using System.Globalization;
using Bus.Core.Context;

namespace OrderServices;

internal static class Trace
{
    /// <summary>
    /// Prints the call that runs. Nobody passes it on: it flows with the code from the handler into every call that is made there, and from process to process.
    /// </summary>
    public static void Print()
    {
        var call = CallContext.Current!;
        var left = call.Remaining is { } remaining ? string.Create(CultureInfo.InvariantCulture, $"{remaining.TotalMilliseconds:0} ms left") : "no deadline";
        Console.WriteLine($"{call.Service}.{call.Method}: {string.Join(" > ", call.Chain)}, depth {call.Depth}, root {call.RootId}, {left}");
    }
}

using System.Text.Json;
using Bus.Tests.Processes;

namespace Bus.Tests.Interop.Tools;

/// <summary>A running script that prints facts: JSON objects with one property, each on a line of its own and each name once.</summary>
internal sealed class NodeScript(ToolProcess process) : IAsyncDisposable
{
    /// <summary>Waits for a fact.</summary>
    public async Task<JsonElement> FactAsync(string name)
    {
        try
        {
            using var document = JsonDocument.Parse(await process.Output.WaitForAsync($"{{\"{name}\":"));
            return document.RootElement.GetProperty(name).Clone();
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            throw new InvalidOperationException($"The script did not state '{name}'. stdout: {process.Output.Text} stderr: {process.Errors.Text}", e);
        }
    }

    /// <summary>As text, for facts that are compared as a whole.</summary>
    public async Task<string> JsonAsync(string name) => (await FactAsync(name)).GetRawText();

    /// <summary>Tells the script to go on.</summary>
    public Task GoOnAsync() => process.WriteAsync("go\n");

    /// <summary>Waits for the end of the script, which has to be a success.</summary>
    public async Task EndAsync()
    {
        var code = await process.ExitAsync();
        if (code != 0) throw new InvalidOperationException($"The script ended with code {code}: {process.Errors.Text}");
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}

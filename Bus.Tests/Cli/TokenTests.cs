using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

public sealed class TokenTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-test-");

    private string Url => $"unix://{Path.Combine(_directory.FullName, "bus.sock")}";

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Only_those_who_have_the_token_are_let_in()
    {
        await using var serve = ToolProcess.StartIpcBus("serve", "--listen", Url, "--stop-on-eof", "--token-file", Write("right", "open-sesame\n"));
        await serve.Output.WaitForAsync("listening on");

        await using var none = ToolProcess.StartIpcBus("ping", "--url", Url, "--wait", "1m");
        await using var wrong = ToolProcess.StartIpcBus("ping", "--url", Url, "--token-file", Write("wrong", "sesame"));
        await using var right = ToolProcess.StartIpcBus("ping", "--url", Url, "--token-file", Path.Combine(_directory.FullName, "right"));

        Assert.Equal((1, 1, 0), (await none.ExitAsync(), await wrong.ExitAsync(), await right.ExitAsync()));
        Assert.Contains("does not let this client in: this bus asks for a token (--token-file)", none.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("it is another one", wrong.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", serve.Errors.Text + wrong.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_file_is_no_token()
    {
        await using var serve = ToolProcess.StartIpcBus("serve", "--listen", Url, "--token-file", Write("empty", "\n"));
        Assert.Equal(2, await serve.ExitAsync());
        Assert.Contains("There is no token in", serve.Errors.Text, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_directory.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}

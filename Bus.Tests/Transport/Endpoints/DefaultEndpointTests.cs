using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Endpoints;

public sealed class DefaultEndpointTests : IDisposable
{
    private static readonly string Fallback = $"/tmp/ipcbus-{UnixFiles.EffectiveUserId}/ipcbus.sock";

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_environment_comes_first()
    {
        Assert.Equal("tcp://h:1", Choose(url: "tcp://h:1", runtime: _scratch.Path).ToString());
        Assert.Equal(_scratch.File("ipcbus.sock"), Choose(url: "", runtime: _scratch.Path).Path);
    }

    [Fact]
    public void A_wrong_url_in_the_environment_is_named_with_its_variable()
    {
        var error = Assert.Throws<FormatException>(() => Choose(url: "ftp://h"));
        Assert.Contains("IPCBUS_URL", error.Message, StringComparison.Ordinal);
        Assert.Contains("'ftp'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders", "orders.sock")]
    [InlineData("shop/orders", "shop@orders.sock")]
    [InlineData("pipe://orders", "orders.pipe")]
    [InlineData("pipe://shop/orders", "shop@orders.pipe")]
    [InlineData("default", "ipcbus.sock")]
    public void A_name_is_a_file_in_the_users_own_directory(string text, string file)
    {
        Assert.Equal(_scratch.File(file), Read(text, Variables(runtime: _scratch.Path)).Path);
        Assert.Equal(Path.Combine(Path.GetDirectoryName(Fallback)!, file), Read(text, Variables()).Path);
        Assert.Equal($"/srv/bus/{file}", Read(text, Variables(runtime: _scratch.Path, directory: "/srv/bus/")).Path);
        Assert.Equal($"/{file}", Read(text, Variables(directory: "/")).Path);
        Assert.Equal($"/srv/bus/{file}", BusEndpoint.Parse(text, "/srv/bus").Path);
        Assert.Equal(_scratch.File(file), Choose(url: text, runtime: _scratch.Path).Path);
    }

    [Fact]
    public void Default_in_place_of_a_url_is_the_default()
    {
        Assert.Equal("tcp://h:1", Read("default", Variables(url: "tcp://h:1")).ToString());
        Assert.Equal("/srv/orders.pipe", Read("default", Variables(url: "pipe://orders", directory: "/srv")).Path);
        Assert.Equal("/srv/ipcbus.sock", Read("ipcbus", Variables(url: "tcp://h:1", directory: "/srv")).Path);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("pipe://orders")]
    [InlineData("default")]
    public void A_relative_directory_in_the_environment_is_named_with_its_variable(string text)
    {
        Assert.Null(EndpointUrl.Parse(text, Variables(directory: "run/bus"), out var error));
        Assert.StartsWith("Environment variable IPCBUS_DIR: the directory 'run/bus' is not absolute.", error, StringComparison.Ordinal);
        Assert.Contains("'run/bus'", Assert.Throws<ArgumentException>(() => BusEndpoint.Parse(text, "run/bus")).Message, StringComparison.Ordinal);
    }

    private static BusEndpoint Read(string text, Func<string, string?> environment) => EndpointUrl.Parse(text, environment, out var error) ?? throw new FormatException(error);

    [Fact]
    public void A_private_runtime_directory_is_taken()
    {
        Assert.Equal(_scratch.File("ipcbus.sock"), Choose(runtime: _scratch.Path).Path);
        Assert.Equal(_scratch.File("ipcbus.sock"), Choose(runtime: _scratch.Path + "/").Path);
    }

    [Fact]
    public void Another_runtime_directory_is_not()
    {
        Assert.Equal(Fallback, Choose().Path);
        Assert.Equal(Fallback, Choose(runtime: "").Path);
        Assert.Equal(Fallback, Choose(runtime: "relative").Path);
        Assert.Equal(Fallback, Choose(runtime: _scratch.File("missing")).Path);

        File.CreateSymbolicLink(_scratch.File("link"), _scratch.Path);
        Assert.Equal(Fallback, Choose(runtime: _scratch.File("link")).Path);
        Assert.Equal(Fallback, Choose(runtime: _scratch.File("link") + "/").Path);

        File.SetUnixFileMode(_scratch.Path, (UnixFileMode)0x1ED); // 0755
        Assert.Equal(Fallback, Choose(runtime: _scratch.Path).Path);
    }

    [Fact]
    public void A_directory_of_somebody_else_is_not_private()
    {
        // Root may read /, which is no test when root runs it; then a directory given away is one.
        var theirs = "/";
        if (UnixFiles.EffectiveUserId == 0)
        {
            theirs = Directory.CreateDirectory(_scratch.File("theirs"), (UnixFileMode)0x1C0).FullName;
            Give(theirs, user: 65534);
        }

        Assert.Contains("belongs to user", PrivateDirectory.Problem(theirs), StringComparison.Ordinal);
        Assert.Equal(Fallback, Choose(runtime: theirs).Path);
    }

    private static void Give(string path, int user)
    {
        using var chown = System.Diagnostics.Process.Start("chown", [$"{user}", path]);
        chown.WaitForExit();
        Assert.Equal(0, chown.ExitCode);
    }

    private static BusEndpoint Choose(string? url = null, string? runtime = null, string? directory = null) =>
        DefaultEndpoint.TryChoose(Variables(url, runtime, directory), out var endpoint, out var error) ? endpoint : throw new FormatException(error);

    private static Func<string, string?> Variables(string? url = null, string? runtime = null, string? directory = null) =>
        name => name switch { "IPCBUS_URL" => url, "XDG_RUNTIME_DIR" => runtime, "IPCBUS_DIR" => directory, _ => throw new ArgumentException($"'{name}' is not expected to be read.") };
}

using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Endpoints;

public sealed class BusEndpointTests
{
    [Theory]
    [InlineData("unix:///run/user/1000/ipcbus.sock", "/run/user/1000/ipcbus.sock", "unix:///run/user/1000/ipcbus.sock")]
    [InlineData("unix:/tmp/a.sock", "/tmp/a.sock", "unix:///tmp/a.sock")]
    [InlineData("UNIX:///a", "/a", "unix:///a")]
    [InlineData("unix:///with space/ä%20@:?#.sock", "/with space/ä%20@:?#.sock", "unix:///with space/ä%20@:?#.sock")]
    public void A_unix_url_is_read(string url, string path, string written)
    {
        var endpoint = BusEndpoint.Parse(url);
        Assert.Equal((BusScheme.Unix, path, null, null), (endpoint.Scheme, endpoint.Path, endpoint.Host, endpoint.Port));
        Assert.Equal(written, endpoint.ToString());
        Assert.Equal(endpoint, BusEndpoint.Parse(written));
    }

    [Theory]
    [InlineData("tcp://127.0.0.1:4223", "127.0.0.1", 4223, "tcp://127.0.0.1:4223")]
    [InlineData("tcp://localhost", "localhost", 4222, "tcp://localhost:4222")]
    [InlineData("tcp://localhost/", "localhost", 4222, "tcp://localhost:4222")]
    [InlineData("TCP://0.0.0.0:0", "0.0.0.0", 0, "tcp://0.0.0.0:0")]
    [InlineData("tcp://[::1]:65535", "::1", 65535, "tcp://[::1]:65535")]
    [InlineData("tcp://[::]", "::", 4222, "tcp://[::]:4222")]
    [InlineData("tcp://my-host.example:1", "my-host.example", 1, "tcp://my-host.example:1")]
    public void A_tcp_url_is_read(string url, string host, int port, string written)
    {
        var endpoint = BusEndpoint.Parse(url);
        Assert.Equal((BusScheme.Tcp, null, host, port), (endpoint.Scheme, endpoint.Path, endpoint.Host, endpoint.Port));
        Assert.Equal(written, endpoint.ToString());
        Assert.Equal(endpoint, BusEndpoint.Parse(written));
    }

    [Theory]
    [InlineData("json+unix:///a", "json+unix:///a", BusScheme.Unix)]
    [InlineData("JSON+tcp://h", "json+tcp://h:4223", BusScheme.Tcp)]
    [InlineData("json+tcp://h:4222", "json+tcp://h:4222", BusScheme.Tcp)]
    [InlineData("json+pipe://shop/orders", "json+pipe://shop/orders", BusScheme.Pipe)]
    public void An_endpoint_for_json_lines_is_read(string url, string written, BusScheme scheme)
    {
        var endpoint = BusEndpoint.Parse(url);
        Assert.Equal((BusProtocol.JsonLines, scheme, written), (endpoint.Protocol, endpoint.Scheme, endpoint.ToString()));
        Assert.Equal(endpoint, BusEndpoint.Parse(written));
        Assert.NotEqual(endpoint, BusEndpoint.Parse(written["json+".Length..]));
    }

    [Theory]
    [InlineData("", "empty", "unix:///absolute/path")]
    [InlineData("/tmp/x.sock", "no scheme", "Did you mean unix:///tmp/x.sock?")]
    [InlineData("127.0.0.1:4222", "no scheme", "Did you mean tcp://127.0.0.1:4222?")]
    [InlineData("localhost:4222", "no scheme", "Did you mean tcp://localhost:4222?")]
    [InlineData("nats://h:4222", "The scheme 'nats'", "Write tcp://h:4222")]
    [InlineData("http://h", "The scheme 'http'", "unknown")]
    [InlineData("localhost", "no scheme", "Did you mean tcp://localhost?")]
    [InlineData("127.0.0.1", "no scheme", "Did you mean tcp://127.0.0.1?")]
    [InlineData(@"\\.\pipe\x", "no scheme", "pipe://name")]
    [InlineData("orders.sock", "ends in '.sock'", "Write orders,")]
    [InlineData("../orders", "the domain '..' begins with '.'", "shop/orders")]
    [InlineData("shop/../orders", "'shop/../orders' has more than one slash", "shop/orders")]
    [InlineData("shop/", "the name is empty", "shop/orders")]
    [InlineData("my orders", "the name 'my orders' has the character ' ' in it", "letters, digits")]
    [InlineData("a\0b", "the character U+0000", "letters, digits")]
    [InlineData("pipe:", "the name is empty", "Write pipe://name")]
    [InlineData("pipe:///tmp/x", "more than one slash", "Write pipe://name")]
    [InlineData("pipe://..", "the name '..' begins with '.'", "Write pipe://name")]
    [InlineData("pipe://a@b", "the character '@'", "Write pipe://name")]
    [InlineData("tls://h:1", "The scheme 'tls'", "not supported by this version")]
    [InlineData("json+unix://a", "'a' of 'json+unix://a' is not absolute", "three slashes")]
    [InlineData("json+tls://h:1", "The scheme 'json+tls'", "not supported by this version")]
    [InlineData("json+x://h", "The scheme 'json+x'", "unknown")]
    [InlineData("unix:", "path", "missing")]
    [InlineData("unix://", "path", "missing")]
    [InlineData("unix://tmp/x.sock", "'tmp/x.sock'", "not absolute")]
    [InlineData("unix:x.sock", "'x.sock'", "not absolute")]
    [InlineData("unix:///tmp/", "'/tmp/'", "names a directory")]
    [InlineData("unix:///tmp/a\0b", "NUL", "unix:///tmp/a?b")]
    [InlineData("tcp:localhost", "two slashes", "tcp://host:port")]
    [InlineData("tcp://", "host", "missing")]
    [InlineData("tcp://:4222", "host", "tcp://0.0.0.0:4222")]
    [InlineData("tcp://a b:1", "more than a host and a port", "tcp://host:port")]
    [InlineData("tcp://h:1/x", "more than a host and a port", "tcp://host:port")]
    [InlineData("tcp://h*st:1", "'h*st'", "neither a name nor an address")]
    [InlineData("tcp://h:", "The port ''", "0 to 65535")]
    [InlineData("tcp://h:65536", "The port '65536'", "0 to 65535")]
    [InlineData("tcp://h:-1", "The port '-1'", "0 to 65535")]
    [InlineData("tcp://h:http", "The port 'http'", "0 to 65535")]
    [InlineData("tcp://::1:4222", "IPv6", "brackets")]
    [InlineData("tcp://[::1:4222", "bracket", "not closed")]
    [InlineData("tcp://[127.0.0.1]:1", "'127.0.0.1'", "no IPv6 address")]
    [InlineData("tcp://[::1]4222", "'4222'", "no port")]
    public void A_wrong_url_is_refused_with_the_part_that_is_wrong(string url, string part, string remedy)
    {
        Assert.False(BusEndpoint.TryParse(url, out var endpoint, out var error));
        Assert.Null(endpoint);
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.Contains(remedy, error, StringComparison.Ordinal);
        Assert.Equal(error, Assert.Throws<FormatException>(() => BusEndpoint.Parse(url)).Message);
    }

    [Theory]
    [InlineData("tcp://joe:hunter2@h:1")]
    [InlineData("nats://joe:hunter2@h:1")]
    [InlineData("tls://hunter2@h:1")]
    public void A_password_is_not_repeated(string url)
    {
        Assert.False(BusEndpoint.TryParse(url, out _, out var error));
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
        Assert.Contains("***@h:1", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_no_url() => Assert.False(BusEndpoint.TryParse(null, out _));
}

using System.Text;
using Bus.Transport.Nats;

namespace Bus.Tests.Transport.Nats;

public sealed class NatsJsonTests
{
    [Fact]
    public void A_connect_without_fields_has_the_defaults_of_nats_server()
    {
        Assert.True(NatsJson.TryReadConnect("{}"u8, out var options));
        Assert.Equal(new ConnectOptions { Verbose = true, Pedantic = true, Echo = true }, options);
    }

    [Fact]
    public void A_connect_of_a_real_client_is_read()
    {
        Assert.True(NatsJson.TryReadConnect(
            """{"verbose":false,"pedantic":false,"echo":false,"tls_required":false,"name":"n","lang":"node","version":"2.29.3","protocol":1,"headers":true,"no_responders":true,"user":"u","pass":"p","auth_token":"t","jwt":null,"unknown":[1]}"""u8,
            out var options));
        Assert.Equal(
            new ConnectOptions
            {
                Verbose = false, Pedantic = false, Echo = false, Name = "n", Lang = "node", Version = "2.29.3", Protocol = 1, Headers = true, NoResponders = true,
                User = "u", Password = "p", AuthToken = "t",
            },
            options);
    }

    [Fact]
    public void Names_are_read_in_any_letter_case()
    {
        Assert.True(NatsJson.TryReadConnect("""{"Verbose":false,"ECHO":false}"""u8, out var options));
        Assert.False(options.Verbose);
        Assert.False(options.Echo);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"a\"")]
    [InlineData("""{"verbose":"x"}""")]
    [InlineData("""{"protocol":99999999999}""")]
    [InlineData("""{"name":"\ud800"}""")]
    public void What_is_no_such_object_is_refused_without_an_exception(string json)
    {
        Assert.False(NatsJson.TryReadConnect(Encoding.UTF8.GetBytes(json), out _));
    }

    [Fact]
    public void Bytes_that_are_not_UTF_8_are_refused_without_an_exception() => Assert.False(NatsJson.TryReadConnect([.. "{\"name\":\""u8, 0xff, .. "\"}"u8], out _));

    [Fact]
    public void The_secrets_of_a_connect_are_not_in_its_text()
    {
        var options = new ConnectOptions { User = "u", Password = "hunter2", AuthToken = "token2", Jwt = "jwt2", Signature = "sig2", NKey = "nkey2" };
        Assert.DoesNotContain("2", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Info_says_what_clients_gate_on_and_no_more()
    {
        var line = Encoding.UTF8.GetString(NatsJson.InfoLine(new ServerInfo { ServerId = "S1", IpcBusVersion = "0.1.0", Host = "127.0.0.1", Port = 4222, ClientId = 7 }));
        Assert.Equal(
            """INFO {"server_id":"S1","server_name":"ipcbus","version":"2.9.10","ipcbus_version":"0.1.0","proto":1,"host":"127.0.0.1","port":4222,"headers":true,"jetstream":false,"max_payload":1048576,"client_id":7}""" + "\r\n",
            line);
        Assert.Contains("\"auth_required\":true", Encoding.UTF8.GetString(NatsJson.InfoLine(new ServerInfo { AuthRequired = true })), StringComparison.Ordinal);
    }

    [Fact]
    public void Info_and_connect_are_read_as_they_were_written()
    {
        var info = new ServerInfo { ServerId = "S1", Host = "::1", Port = 1, MaxPayload = 5, ClientId = ulong.MaxValue, AuthRequired = true, LameDuck = true, Nonce = "n", Headers = false };
        NatsParser.Parse(NatsJson.InfoLine(info), NatsRules.FromServer(), out var frame);
        Assert.True(NatsJson.TryReadInfo(frame.Argument.Of(NatsJson.InfoLine(info)), out var readInfo));
        Assert.Equal(info, readInfo);

        var options = new ConnectOptions { Verbose = false, Pedantic = false, Echo = false, Name = "näme \"q\"", Headers = true, Protocol = 1, User = "u", Password = "p" };
        var line = NatsJson.ConnectLine(options);
        NatsParser.Parse(line, NatsRules.FromClient(), out frame);
        Assert.True(NatsJson.TryReadConnect(frame.Argument.Of(line), out var readOptions));
        Assert.Equal(options, readOptions);
    }

    [Fact]
    public void The_info_of_a_real_nats_server_is_read()
    {
        Assert.True(NatsJson.TryReadInfo(
            """{"server_id":"NB","server_name":"NB","version":"2.9.10","proto":1,"go":"go1.19.8","host":"127.0.0.1","port":24222,"headers":true,"max_payload":1048576,"client_id":4,"client_ip":"127.0.0.1"} """u8,
            out var info));
        Assert.Equal(("NB", 24222, true, 1048576, 4ul, (string?)null), (info.ServerName, info.Port, info.Headers, info.MaxPayload, info.ClientId, info.IpcBusVersion));
    }
}

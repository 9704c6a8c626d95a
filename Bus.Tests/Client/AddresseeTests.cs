using Bus.Core.Client;

namespace Bus.Tests.Client;

/// <summary>Errors speak of the topic, or of the client, that the caller named.</summary>
public sealed class AddresseeTests
{
    [Theory]
    [InlineData("a.b", "a.b", null)]
    [InlineData("$BUS.PUB.a.b", "a.b", null)]
    [InlineData("$BUS.RETAIN.a", "a", null)]
    [InlineData("$BUS.SURVEY.a.b", "a.b", null)]
    [InlineData("$BUS.ALL.news.sport", "news.sport", null)]
    [InlineData("$BUS.SEND.me", null, "me")]
    [InlineData("$BUS.SEND.me.jobs.new", "jobs.new", "me")]
    [InlineData("$BUS.DELIVER.me.jobs", "jobs", "me")]
    [InlineData("$BUS.CLIENTS", "$BUS.CLIENTS", null)]
    [InlineData("$BUS.PUB", "$BUS.PUB", null)]
    [InlineData("$BUSY.PUB.a", "$BUSY.PUB.a", null)]
    public void It_is_the_topic_or_the_client_that_was_named(string topic, string? named, string? client)
    {
        var to = Addressee.Of(topic);
        Assert.Equal((named, client), (to.Topic, to.Client));
    }

    [Theory]
    [InlineData("$BUS.PUB.orders", "orders", "'orders'")]
    [InlineData("$BUS.ALL.orders", "orders", "'orders'")]
    [InlineData("$BUS.DELIVER.worker.orders", "orders", "'worker'")]
    [InlineData("$BUS.SEND.worker", null, "'worker'")]
    public void No_error_names_a_topic_that_its_reader_has_never_seen(string topic, string? named, string text)
    {
        BusException[] errors =
        [
            new PayloadTooLargeException(topic, 2, 1), new BackPressureException(topic, 1), new NoRespondersException(topic), new RequestTimeoutException(topic, TimeSpan.FromSeconds(1)),
            new ResponderLostException(topic), new RemoteErrorException(topic, "bad", 500, error: null, detail: null),
        ];
        Assert.All(errors, error =>
        {
            Assert.Equal(named, error.Topic);
            Assert.Contains(text, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("$BUS", error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void What_the_bus_itself_does_not_answer_is_told_as_that()
    {
        Assert.Contains("no IpcBus", new NoRespondersException("$BUS.CLIENTS").Message, StringComparison.Ordinal);
        Assert.StartsWith("No reply to the request to the bus came within 1 s.", new RequestTimeoutException("$BUS.CLIENTS", TimeSpan.FromSeconds(1)).Message, StringComparison.Ordinal);
        Assert.Equal("The bus answered with error 500: bad", new RemoteErrorException("$BUS.CLIENTS", "bad", 500, error: null, detail: null).Message);
    }
}

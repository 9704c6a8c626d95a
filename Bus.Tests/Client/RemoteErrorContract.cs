using System.Text;
using Bus.Core;
using Bus.Core.Client;

namespace Bus.Tests.Client;

/// <summary>What a requester hears of an error at the responder.</summary>
public abstract class RemoteErrorContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_that_throws_tells_its_message_and_no_more(bool isLate)
    {
        var (bus, service) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var responder = await service.RespondAsync<string, string>("work", (_, _) => FailAsync(isLate));

        var error = await FailsAsync(bus, "work");

        Assert.Equal(("the disk is full", 500, "handler-failed", null), (error.Text, error.Code, error.Error, error.Detail));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_responder_may_tell_where_its_handler_failed(bool isLate)
    {
        var (bus, service) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var responder = await service.RespondAsync<string, string>("work", (_, _) => FailAsync(isLate), new SubscriptionOptions { ErrorDetail = ErrorDetail.Full });

        var error = await FailsAsync(bus, "work");

        Assert.Equal("the disk is full", error.Text);
        Assert.Contains($"{nameof(System)}.{nameof(InvalidOperationException)}: the disk is full", error.Detail, StringComparison.Ordinal);
        Assert.Contains("FailAsync", error.Detail, StringComparison.Ordinal);
        Assert.EndsWith(error.Detail!, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_responder_may_tell_nothing_of_its_exceptions()
    {
        var (bus, service) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var responder = await service.RespondAsync<string, string>("work", (_, _) => FailAsync(isLate: false), new SubscriptionOptions { ErrorDetail = ErrorDetail.None });

        var error = await FailsAsync(bus, "work");

        Assert.Equal((500, "handler-failed", null), (error.Code, error.Error, error.Detail));
        Assert.DoesNotContain("disk", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_handler_chooses_to_tell_arrives_whatever_the_option_says()
    {
        const string Detail = "{\"field\":\"number\",\n\"reason\":\"für später\"}";
        var (bus, service) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var throwing = await service.RespondAsync<string, string>("throw", (_, _) => throw new RemoteErrorException("bad order", 422, "invalid", Detail), new SubscriptionOptions { ErrorDetail = ErrorDetail.None });
        await using var replying = await service.OpenSubscriptionAsync<string>("reply", (message, token) => message.ReplyErrorAsync("bad order", 422, "invalid", Detail, token));

        foreach (var topic in new[] { "throw", "reply" })
        {
            var error = await FailsAsync(bus, topic);
            Assert.Equal(("bad order", 422, "invalid", Detail), (error.Text, error.Code, error.Error, error.Detail));
        }
    }

    [Fact]
    public async Task A_detail_is_cut_off_between_two_characters()
    {
        var (bus, service) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var detail = "x" + new string('ü', 20_000);
        await using var responder = await service.RespondAsync<string, string>("work", (_, _) => throw new RemoteErrorException("no", detail: detail));

        var error = await FailsAsync(bus, "work");

        Assert.Equal(16 * 1024 - 1, Encoding.UTF8.GetByteCount(error.Detail!));
        Assert.StartsWith(error.Detail!, detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("payload-too-large")]
    [InlineData("topic-undeclared")]
    [InlineData("topic-full")]
    [InlineData("client-absent")]
    [InlineData("inbox-closed")]
    [InlineData("responder-lost")]
    public async Task A_responder_that_answers_with_an_error_of_the_bus_is_not_taken_for_it(string error)
    {
        var (bus, service) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync("service"));
        await using var responder = await service.RespondAsync<string, string>("work", (_, _) => throw new RemoteErrorException("no", 404, error));
        await using var inbox = await service.OpenInboxAsync<string>((_, _) => throw new RemoteErrorException("no", 404, error));

        var failed = await FailsAsync(bus, "work");
        var undelivered = await Assert.ThrowsAsync<RemoteErrorException>(() => bus.DeliverAsync("service", "?", new DeliverOptions { Timeout = TimeSpan.FromHours(1) }).Guard());
        var survey = await bus.SurveyAsync<string, string>("work", "?", new SurveyOptions { Timeout = TimeSpan.FromHours(1) }).Guard();

        Assert.All([failed, undelivered, Assert.Single(survey.Answers).Error!], answer => Assert.Equal((error, false), (answer.Error, answer.IsOfBus)));
    }

    [Fact]
    public async Task An_error_of_the_bus_itself_says_so()
    {
        var bus = await Fixture.ConnectAsync();
        var error = await FailsAsync(bus, SystemTopics.DeleteTopic);
        Assert.Equal(("topic-unknown", true), (error.Error, error.IsOfBus));
    }

    private static async Task<RemoteErrorException> FailsAsync(IBus bus, string topic) =>
        await Assert.ThrowsAsync<RemoteErrorException>(() => bus.RequestAsync<string, string>(topic, "?", TimeSpan.FromHours(1)).Guard());

    private static ValueTask<string> FailAsync(bool isLate)
    {
        return isLate ? LateAsync() : throw new InvalidOperationException("the disk is full");

        static async ValueTask<string> LateAsync()
        {
            await Task.Yield();
            throw new InvalidOperationException("the disk is full");
        }
    }
}

public sealed class LocalRemoteErrorTests : RemoteErrorContract<LocalBusFixture>;

public sealed class UnixRemoteErrorTests : RemoteErrorContract<UnixBusFixture>;

public sealed class TcpRemoteErrorTests : RemoteErrorContract<TcpBusFixture>;

public sealed class PipeRemoteErrorTests : RemoteErrorContract<PipeBusFixture>;

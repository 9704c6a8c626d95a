using System.Globalization;
using Bus.Core.Calls;
using Bus.Core.Client;
using Bus.Tests.Client;

namespace Bus.Tests.Core.Calls;

/// <summary>Calls that are made again: how often, after which pauses, and when not.</summary>
public sealed class RetryCallTests
{
    private readonly ManualTime _time = new();
    private readonly List<RetryAttempt> _retries = [];
    private int _calls;

    private RetryOptions Options => new() { Time = _time, Jitter = false, OnRetry = _retries.Add };

    [Fact]
    public async Task A_call_that_succeeds_is_made_once()
    {
        Assert.Equal(7, await BusCalls.RetryAsync(_ => SucceedAsync(), Options).Guard());
        Assert.Equal((1, 0), (_calls, _retries.Count));
    }

    [Fact]
    public async Task Each_pause_is_twice_as_long_as_the_one_before_up_to_the_longest()
    {
        var call = BusCalls.RetryAsync(_ => _calls < 5 ? LoseAsync() : SucceedAsync(), Options with { MaxAttempts = 6, MaxDelay = TimeSpan.FromMilliseconds(500) });
        // The first timer is that of the timeout.
        Assert.Equal(TimeSpan.FromMinutes(1), await StartedAsync());
        foreach (var pause in new[] { 100, 200, 400, 500, 500 })
        {
            Assert.Equal(TimeSpan.FromMilliseconds(pause), await StartedAsync());
            _time.Advance(TimeSpan.FromMilliseconds(pause));
        }

        Assert.Equal(7, await call.Guard());
        Assert.Equal([1, 2, 3, 4, 5], _retries.Select(retry => retry.Attempt));
        Assert.All(_retries, retry => Assert.IsType<ConnectionLostException>(retry.Error));
    }

    [Fact]
    public async Task Pauses_vary_at_random()
    {
        var pauses = new HashSet<TimeSpan>();
        for (var i = 0; i < 4; i++)
        {
            var call = BusCalls.RetryAsync(_ => LoseAsync(), Options with { MaxAttempts = 2, Jitter = true });
            await StartedAsync();
            pauses.Add(await StartedAsync());
            _time.Advance(TimeSpan.FromSeconds(10));
            await Assert.ThrowsAsync<ConnectionLostException>(() => call.Guard());
        }

        Assert.NotEqual(1, pauses.Count);
    }

    [Fact]
    public async Task The_last_error_is_thrown_when_the_attempts_are_used_up()
    {
        var call = BusCalls.RetryAsync(_ => FailAsync(new RemoteErrorException($"try {_calls + 1}", 503)), Options with { MaxAttempts = 2 });
        await StartedAsync();
        await StartedAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("try 2", (await Assert.ThrowsAsync<RemoteErrorException>(() => call.Guard())).Text);
        await Assert.ThrowsAsync<ConnectionLostException>(() => BusCalls.RetryAsync(_ => LoseAsync(), Options with { MaxAttempts = 1 }).Guard());
    }

    [Fact]
    public async Task All_attempts_together_have_a_timeout_which_cancels_the_call_under_way()
    {
        var begun = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = BusCalls.RetryAsync(
            async token =>
            {
                if (_calls == 0) return await LoseAsync();
                begun.SetResult(token);
                return await new TaskCompletionSource<int>().Task.WaitAsync(token);
            },
            Options with { Timeout = TimeSpan.FromSeconds(10) });
        Assert.Equal(TimeSpan.FromSeconds(10), await StartedAsync());
        await StartedAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        var token = await begun.Task.Guard();
        Assert.False(token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(9));

        var error = await Assert.ThrowsAsync<RetryTimeoutException>(() => call.Guard());
        Assert.Equal(2, error.Attempts);
        Assert.IsType<ConnectionLostException>(error.InnerException);
        Assert.Equal("The call was not done within 10 s, in 2 attempts; the last error was: lost", error.Message);
        Assert.True(token.IsCancellationRequested);
    }

    [Fact]
    public async Task Cancelling_ends_the_pause()
    {
        using var cancellation = new CancellationTokenSource();
        var call = BusCalls.RetryAsync(_ => LoseAsync(), Options, cancellation.Token);
        await StartedAsync();
        await StartedAsync();
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Guard());
        Assert.Equal(1, _calls);
    }

    [Theory]
    [InlineData(nameof(NotConnectedException), true)]
    [InlineData(nameof(ConnectionLostException), true)]
    [InlineData(nameof(ResponderLostException), true)]
    [InlineData(nameof(RequestTimeoutException), true)]
    [InlineData("429", true)]
    [InlineData("500", true)]
    [InlineData("501", false)]
    [InlineData("400", false)]
    [InlineData("404", false)]
    [InlineData(nameof(NoRespondersException), false)]
    [InlineData(nameof(ClientAbsentException), false)]
    [InlineData(nameof(PayloadFormatException), false)]
    [InlineData(nameof(BusRefusedException), false)]
    [InlineData(nameof(ArgumentException), false)]
    public async Task Only_errors_that_may_pass_by_themselves_are_worth_another_call_unless_others_are_asked_for(string kind, bool isTransient)
    {
        Exception error = kind switch
        {
            nameof(NotConnectedException) => new NotConnectedException("x"),
            nameof(ConnectionLostException) => new ConnectionLostException("x"),
            nameof(ResponderLostException) => new ResponderLostException("x"),
            nameof(RequestTimeoutException) => new RequestTimeoutException("x", TimeSpan.Zero),
            nameof(NoRespondersException) => new NoRespondersException("x"),
            nameof(ClientAbsentException) => new ClientAbsentException("x", "x", isConnected: false),
            nameof(PayloadFormatException) => new PayloadFormatException("x"),
            nameof(BusRefusedException) => new BusRefusedException("x"),
            nameof(ArgumentException) => new ArgumentException("x"),
            _ => new RemoteErrorException("x", int.Parse(kind, CultureInfo.InvariantCulture)),
        };
        var quick = Options with { MaxAttempts = 3, MinDelay = TimeSpan.Zero, MaxDelay = TimeSpan.FromMilliseconds(1), Time = TimeProvider.System };

        Assert.Same(error, await Record.ExceptionAsync(() => BusCalls.RetryAsync(_ => FailAsync(error), quick).Guard()));
        Assert.Equal(isTransient ? 3 : 1, _calls);

        _calls = 0;
        Assert.Same(error, await Record.ExceptionAsync(() => BusCalls.RetryAsync(_ => FailAsync(error), quick with { ShouldRetry = _ => true }).Guard()));
        Assert.Equal(3, _calls);
    }

    [Fact]
    public async Task Options_that_make_no_sense_are_refused()
    {
        RetryOptions[] all = [new() { MaxAttempts = 0 }, new() { MinDelay = TimeSpan.FromSeconds(-1) }, new() { MinDelay = TimeSpan.FromMinutes(1) }, new() { Timeout = TimeSpan.Zero }];
        foreach (var options in all) await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => BusCalls.RetryAsync(_ => SucceedAsync(), options));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => BusCalls.AllAsync([1], (_, _) => SucceedAsync(), new CallOptions { MaxInFlight = 0 }));
        Assert.Equal(0, _calls);
    }

    private Task<int> SucceedAsync()
    {
        _calls++;
        return Task.FromResult(7);
    }

    private Task<int> LoseAsync() => FailAsync(new ConnectionLostException("lost"));

    private Task<int> FailAsync(Exception error)
    {
        _calls++;
        return Task.FromException<int>(error);
    }

    private Task<TimeSpan> StartedAsync() => _time.Started.ReadAsync().AsTask().Guard();
}

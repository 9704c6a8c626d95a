namespace Bus.Tests.Actors.Contract;

public sealed class AskTests : ContractTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(30);

    [Fact]
    public async Task The_reply_completes_the_ask()
    {
        var worker = StartWorker();
        worker.Tell(42, TestActor);
        Assert.Equal(42, await worker.Ask<int>(new GetTotal(), Guard, CancellationToken.None));
    }

    [Fact]
    public async Task An_ask_without_a_type_gives_the_reply_as_it_is()
    {
        var worker = StartWorker();
        Assert.Equal(Pong.Instance, await worker.Ask(new Ping(), Guard));
    }

    [Fact]
    public async Task Without_a_reply_the_ask_fails_with_a_timeout()
    {
        var worker = StartWorker();
        await Assert.ThrowsAsync<AskTimeoutException>(() => worker.Ask<string>("no answer", Short, CancellationToken.None));
    }

    [Fact]
    public async Task A_cancelled_token_cancels_the_ask()
    {
        using var cancellation = new CancellationTokenSource();
        var worker = StartWorker();
        var answer = worker.Ask<string>("no answer", Guard, cancellation.Token);
        await ExpectMsgAsync("no answer");
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task A_failure_status_surfaces_as_its_cause()
    {
        var worker = StartWorker();
        var failure = new Status.Failure(new TestFailure("told so"));
        var answer = worker.Ask<string>(new Run(context => context.Sender.Tell(failure, context.Self)), Guard, CancellationToken.None);
        var error = await Assert.ThrowsAsync<TestFailure>(() => answer);
        Assert.Equal("told so", error.Message);
    }

    [Fact]
    public async Task A_failure_status_can_be_asked_for()
    {
        var worker = StartWorker();
        var failure = new Status.Failure(new TestFailure("told so"));
        var answer = await worker.Ask<Status.Failure>(new Run(context => context.Sender.Tell(failure, context.Self)), Guard, CancellationToken.None);
        Assert.Same(failure, answer);
    }

    [Fact]
    public async Task A_reply_of_another_type_fails_the_ask_and_is_a_dead_letter()
    {
        var worker = StartWorker();
        worker.Tell(42, TestActor);
        var letters = Listen(typeof(DeadLetter));
        var error = await Assert.ThrowsAsync<ArgumentException>(() => worker.Ask<string>(new GetTotal(), Guard, CancellationToken.None));
        Assert.Contains("Int32", error.Message, StringComparison.Ordinal);
        var letter = await letters.ExpectMsgAsync<DeadLetter>();
        Assert.Equal((42, Sys.DeadLetters), (letter.Message, letter.Recipient));
    }

    [Fact]
    public async Task The_message_can_carry_the_reply_address()
    {
        var worker = StartWorker();
        var answer = worker.Ask<string>(replyTo => new Run(_ => replyTo.Tell("to the address", ActorRefs.NoSender)), Guard, CancellationToken.None);
        Assert.Equal("to the address", await answer);
    }

    [Fact]
    public async Task The_sender_of_an_ask_is_the_reply_address()
    {
        var worker = StartWorker();
        IActorRef? sender = null, address = null;
        var answer = worker.Ask<string>(
            replyTo => new Run(context =>
            {
                (sender, address) = (context.Sender, replyTo);
                replyTo.Tell("done", context.Self);
            }),
            Guard,
            CancellationToken.None);
        await answer;
        Assert.Equal(address, sender);
    }

    [Fact]
    public async Task Of_two_replies_the_first_counts()
    {
        var worker = StartWorker();
        var answer = worker.Ask<string>(
            new Run(context =>
            {
                context.Sender.Tell("first", context.Self);
                context.Sender.Tell("second", context.Self);
            }),
            Guard,
            CancellationToken.None);
        Assert.Equal("first", await answer);
    }

    [Fact]
    public async Task A_reply_after_the_timeout_is_a_dead_letter()
    {
        var worker = StartWorker();
        var letters = Listen(typeof(DeadLetter));
        IActorRef? replyTo = null;
        await Assert.ThrowsAsync<AskTimeoutException>(() => worker.Ask<string>(new Run(context => replyTo = context.Sender), Short, CancellationToken.None));
        Fence(worker);
        replyTo!.Tell("late", worker);
        var letter = await letters.FishForMessageAsync<DeadLetter>(d => Equals(d.Message, "late"));
        Assert.NotNull(letter);
    }

    [Fact]
    public async Task A_reply_after_a_cancellation_is_forgotten()
    {
        using var cancellation = new CancellationTokenSource();
        var worker = StartWorker();
        var letters = Listen(typeof(DeadLetter));
        IActorRef? replyTo = null;
        var answer = worker.Ask<string>(new Run(context => replyTo = context.Sender), Guard, cancellation.Token);
        Fence(worker);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        replyTo!.Tell("late", worker);
        Sys.DeadLetters.Tell("fence", TestActor);
        Assert.Equal("fence", (await letters.ExpectMsgAsync<DeadLetter>()).Message);
    }

    [Fact]
    public async Task Many_asks_at_once_each_get_their_own_answer()
    {
        var worker = StartWorker();
        var answers = Enumerable.Range(0, 200)
            .Select(i => worker.Ask<int>(replyTo => new Run(_ => replyTo.Tell(i, ActorRefs.NoSender)), Guard, CancellationToken.None));
        Assert.Equal(Enumerable.Range(0, 200), await Task.WhenAll(answers));
    }

    [Fact]
    public async Task Asking_a_stopped_actor_times_out_and_leaves_a_dead_letter()
    {
        var worker = StartWorker();
        StopAndWait(worker);
        var letters = Listen(typeof(DeadLetter));
        await Assert.ThrowsAsync<AskTimeoutException>(() => worker.Ask<string>("anyone?", Short, CancellationToken.None));
        await letters.FishForMessageAsync<DeadLetter>(d => Equals(d.Message, "anyone?") && Equals(d.Recipient, worker));
    }
}

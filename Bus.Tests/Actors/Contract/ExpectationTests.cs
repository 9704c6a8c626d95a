namespace Bus.Tests.Actors.Contract;

/// <summary>The TestKit must be able to fail, and say why (in our own words only on the built-in runtime).</summary>
public sealed class ExpectationTests : ContractTest
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void A_message_that_does_not_come_fails() => Fails(() => ExpectMsg<string>(Short, "hint"), "System.String", "none came", "hint");

    [Fact]
    public void Another_type_fails()
    {
        Send(7);
        Fails(() => ExpectMsg<string>(), "System.String", "'7'", "System.Int32");
    }

    [Fact]
    public void Another_value_fails()
    {
        Send("b");
        Fails(() => ExpectMsg("a"), "'a'", "'b'");
    }

    [Fact]
    public void A_predicate_that_does_not_hold_fails()
    {
        Send(7);
        Fails(() => ExpectMsg<int>(n => n > 7), "'7'", "predicate");
    }

    [Fact]
    public void A_message_where_none_is_expected_fails()
    {
        Send("surprise");
        Fails(() => ExpectNoMsg(Short), "surprise");
        ExpectNoMsg(1);
    }

    [Fact]
    public void Too_few_messages_fail_and_are_listed()
    {
        Send("one");
        Fails(() => ReceiveN(2, Short), "only 1", "one");
    }

    [Fact]
    public void Fishing_passes_over_the_others_and_lists_them_when_it_fails()
    {
        Send(1);
        Send("two");
        Send(3);
        Assert.Equal(3, FishForMessage<int>(n => n == 3));
        Send("four");
        Fails(() => FishForMessage<int>(_ => true, Short), "four");
    }

    [Fact]
    public void All_of_takes_any_order_and_names_what_is_missing()
    {
        Send("b");
        Send("a");
        Assert.Equal(["b", "a"], ExpectMsgAllOf("a", "b"));
        Send("a");
        Send("c");
        Fails(() => ExpectMsgAllOf("a", "b"), "b is missing");
    }

    [Fact]
    public void The_end_of_another_actor_fails()
    {
        var (a, b) = (CreateTestProbe(), CreateTestProbe());
        Watch(a.Ref);
        Sys.Stop(a.Ref);
        Fails(() => ExpectTerminated(b.Ref), b.Ref.ToString()!, a.Ref.ToString()!);
    }

    [Fact]
    public void Within_bounds_the_expectations_in_it()
    {
        Fails(() => Within(Short, () => ExpectMsg<string>()), "none came");
        Fails(() => Within(TimeSpan.FromHours(1), TimeSpan.FromHours(2), () => { }), "at least 01:00:00");
        Within(TimeSpan.FromHours(1), () => Assert.True(Remaining > TimeSpan.FromMinutes(50)));
    }

    [Fact]
    public void A_condition_that_stays_false_fails() => Fails(() => AwaitCondition(() => false, Short, null, "never"), "did not come true", "never");

    [Fact]
    public void An_assertion_that_keeps_failing_fails_with_its_own_error()
    {
        var tries = 0;
        Assert.Throws<NotSupportedException>(() => AwaitAssert(
            () =>
            {
                tries++;
                throw new NotSupportedException();
            },
            Short,
            TimeSpan.FromMilliseconds(1)));
        Assert.True(tries > 1);
    }

    [Fact]
    public void The_failure_shows_the_errors_that_were_logged_and_not_expected()
    {
        Sys.Log.Error(new InvalidOperationException("the real reason"), "something broke");
        EventFilter.Error("expected").ExpectOne(() => Sys.Log.Error("expected"));
        var error = Fails(() => ExpectMsg<string>(Short), "something broke", "the real reason");
        Assert.DoesNotContain("expected'", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_filter_that_hears_too_little_or_too_much_fails()
    {
        Fails(() => EventFilter.Error("x").ExpectOne(Short, () => { }), "an error 'x'", "1 times", "0 times");
        Fails(() => EventFilter.Error("x").Expect(1, () => LogErrors("x", "x")), "2 times");
        EventFilter.Error("x").And.Error(start: "y").Expect(3, () => LogErrors("x", "y1", "y2"));
    }

    [Fact]
    public void Muted_errors_are_not_shown()
    {
        using (EventFilter.Error().Mute()) LogErrors("muted");
        var error = Fails(() => ExpectMsg<string>(Short));
        Assert.DoesNotContain("muted", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_asynchronous_forms_do_the_same()
    {
        TestActor.Tell("a", TestActor);
        await ExpectMsgAsync("a");
        await Assert.ThrowsAnyAsync<Exception>(async () => await ExpectMsgAsync<string>(Short));
        TestActor.Tell("b", TestActor);
        Assert.Equal("b", await ReceiveOneAsync());
        Assert.Null(await ReceiveOneAsync(Short));
        await AwaitConditionAsync(() => true);
        await AwaitAssertAsync(() => Task.CompletedTask);
        await EventFilter.Error("x").ExpectOneAsync(() =>
        {
            LogErrors("x");
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_probe_replies_forwards_and_stands_for_its_actor()
    {
        var probe = CreateTestProbe("probe");
        probe.Send(TestActor, "from the probe");
        ExpectMsg("from the probe");
        Assert.Equal(probe.Ref, LastSender);
        probe.Ref.Tell("question", TestActor);
        probe.ExpectMsg("question");
        probe.Reply("answer");
        ExpectMsgFrom(probe.Ref, "answer");
        var target = CreateTestProbe();
        probe.Forward(target.Ref);
        target.ExpectMsg("question");
        Assert.Equal(TestActor, target.Sender);
        Assert.Equal<IActorRef>(probe, probe.Ref);
        ((IActorRef)probe).Tell("to the probe itself", TestActor);
        probe.ExpectMsg("to the probe itself");
        Watch(probe);
        Sys.Stop(probe);
        ExpectTerminated(probe.Ref);
    }

    private void LogErrors(params string[] messages)
    {
        foreach (var message in messages) Sys.Log.Error(message);
    }

    /// <summary>Returns when the message is there, so that the short waits of these tests do not depend on the machine.</summary>
    private void Send(object message)
    {
        TestActor.Tell(message, TestActor);
        AwaitCondition(() => HasMessages);
    }

    private static string Fails(Action action, params string[] parts)
    {
        var error = Assert.ThrowsAny<Exception>(action).Message;
        AssertSays(error, parts);
        return error;
    }
}

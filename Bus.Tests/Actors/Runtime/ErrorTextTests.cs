namespace Bus.Tests.Actors.Runtime;

/// <summary>What the built-in runtime says beyond what Akka does.</summary>
public sealed class ErrorTextTests : ActorTestKit
{
    [Fact]
    public async Task An_ask_that_times_out_says_who_was_asked_and_what()
    {
        var silent = CreateTestProbe("silent");
        var error = await Assert.ThrowsAsync<AskTimeoutException>(() => silent.Ask<string>("hello", TimeSpan.FromMilliseconds(1)));
        Assert.Contains(silent.Ref.Path.ToString(), error.Message);
        Assert.Contains("System.String", error.Message);
    }
}

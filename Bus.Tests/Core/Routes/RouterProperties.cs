using System.Globalization;
using Bus.Core.Routes;
using Bus.Tests.Client;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Core.Routes;

/// <summary>Any router, with routers within it and handlers that do anything, does what the documentation says.</summary>
public sealed class RouterProperties
{
    [Fact]
    public void It_runs_who_the_naive_model_runs_in_that_order_and_answers_the_same() =>
        Prop.ForAll(
            (from plan in RouterPlan.Any from verb in Gen.Elements("GET", "POST") from path in Gen.Elements("/", "/a", "/b", "/a/b", "/a/b/c", "/c") select (plan, verb, path)).ToArbitrary(),
            input =>
            {
                var (plan, verb, path) = input;
                var trace = new List<int>();

                var answer = plan.Build(trace.Add).DispatchAsync(verb, path).Guard().GetAwaiter().GetResult();

                var naive = new NaiveRouter(plan, verb, path);
                var sender = answer.IsError ? (int?)null : int.Parse(answer.Read<string>(), CultureInfo.InvariantCulture);
                return (naive.Trace.SequenceEqual(trace) && naive.Sender == sender && naive.Status == answer.Status)
                    .Label($"ran {string.Join(' ', trace)}, answered {answer.Status} by {sender}; expected {string.Join(' ', naive.Trace)}, {naive.Status} by {naive.Sender}");
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
}

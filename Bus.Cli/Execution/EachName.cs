using Bus.Core.Client;

namespace Bus.Cli.Execution;

/// <summary>Does the same with each of some names. One that fails does not keep it from the others, and what was done to which is told.</summary>
internal static class EachName
{
    /// <param name="names">The names; one that is given twice counts once.</param>
    /// <param name="what">What is done with them, such as <c>deleted</c>.</param>
    /// <param name="work">Does it.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IEnumerable<string> names, string what, Func<string, Task> work)
    {
        var left = names.Distinct(StringComparer.Ordinal).ToList();
        if (left.Count == 1)
        {
            await work(left[0]);
            return ExitCode.Ok;
        }

        List<string> done = [], failed = [];
        while (left is [var name, ..])
        {
            try
            {
                await work(name);
                done.Add(name);
            }
            catch (Exception e) when (e is BusRefusedException or FailureException)
            {
                await TellAsync($"'{name}' is not {what}: {ErrorText.Of(e)}");
                failed.Add(name);
            }
            catch (Exception e) when (e is BusException or OperationCanceledException)
            {
                // The next would fail in the same way; whether the bus has done this one is not known.
                await TellAsync($"{what}: {List(done)}; not {what}: {List([.. failed, .. left.Skip(1)])}; not known: '{name}'.");
                throw;
            }

            left.RemoveAt(0);
        }

        if (failed.Count == 0) return ExitCode.Ok;
        await TellAsync($"{what}: {List(done)}; not {what}: {List(failed)}.");
        return ExitCode.Failed;
    }

    private static string List(List<string> names) => names.Count == 0 ? "none" : string.Join(", ", names.Select(name => $"'{name}'"));

    private static Task TellAsync(string text) => Console.Error.WriteLineAsync($"ipcbus: {text}");
}

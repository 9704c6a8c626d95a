using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>The two programs of examples/actors, run as a user would run them.</summary>
public sealed class ActorsExampleTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-actors-");

    [Fact]
    public async Task A_crash_in_one_process_is_an_error_at_once_in_the_other_and_then_there_are_answers_again()
    {
        await using var inventory = Start("Inventory");
        await inventory.Output.WaitForAsync("inventory: open");
        await using var shop = Start("Shop");

        await TellsAsync(inventory, shop);
    }

    [Fact]
    public async Task Whichever_of_them_is_killed_the_next_one_is_served()
    {
        await using (var killed = Start("Inventory"))
        {
            await killed.Output.WaitForAsync("inventory: open");
            // So that the shop is not done before the blow falls.
            await killed.FreezeAsync();
            await using var waiting = Start("Shop");
            await killed.SignalAsync("KILL");
            Assert.Equal((1, ""), (await waiting.ExitAsync(), waiting.Output.Text));
            Assert.Single(waiting.Errors.Lines);
        }

        await using var inventory = Start("Inventory");
        await inventory.Output.WaitForAsync("inventory: open");
        await inventory.FreezeAsync();
        await using (var killed = Start("Shop")) await killed.SignalAsync("KILL");
        await inventory.SignalAsync("CONT");
        await using var shop = Start("Shop");

        await TellsAsync(inventory, shop);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static async Task TellsAsync(ToolProcess inventory, ToolProcess shop)
    {
        // The shop would wait for a minute: that it ends by now says that no error was a timeout.
        Assert.Equal((0, ""), (await shop.ExitAsync(), shop.Errors.Text));
        Assert.Equal(
            [
                "shop: three customers at once",
                "shop: Ada wants 3 of article lamp from north: done, 7 left",
                "shop: Bob wants 1 of article gizmo from north: error 500, The given key 'gizmo' was not present in the dictionary.",
                "shop: Cleo wants 2 of article lamp from north: done, 5 left",
                "shop: and the next ones",
                "shop: Dora wants 4 of article chair from north: done, 0 left",
                "shop: Emil wants 6 of article lamp from south: error 409, only 5 left",
                "shop: Finn wants 1 of article lamp from west: error 404, there is no warehouse west",
                "shop: closed, 4 entries in the journal",
            ],
            Story(shop, "shop: "));

        Assert.Equal((0, ""), (await inventory.ExitAsync(), inventory.Errors.Text));
        Assert.Equal(
            [
                "inventory: open",
                "inventory: north reserved 3 of article lamp",
                "inventory: north failed (KeyNotFoundException) and is restarted",
                "inventory: north reserved 2 of article lamp",
                "inventory: north reserved 4 of article chair",
                "inventory: closed",
            ],
            Story(inventory, "inventory: "));
        Assert.Equal("journal: 4. the shop has closed", Story(inventory, "journal: ").Last());
    }

    private ToolProcess Start(string name) => ToolProcess.Start(Path.Combine(AppContext.BaseDirectory, $"Actors.{name}"), [$"unix://{Path.Combine(_directory.FullName, "bus.sock")}"]);

    // Akka.NET writes a log of its own to the same place.
    private static IEnumerable<string> Story(ToolProcess process, string teller) => process.Output.Lines.Where(line => line.StartsWith(teller, StringComparison.Ordinal));
}

using Bus.Benchmarks.Compare.Loads;
using Bus.Benchmarks.Compare.Output;
using Bus.Benchmarks.Compare.Results;
using Bus.Benchmarks.Compare.Scenarios;

namespace Bus.Tests.Benchmarks;

public sealed class SummaryTests
{
    private static readonly Scenario Run = new("run", "a run, of \"something\"", new NatsLoad("pubsub", ("n", 1)))
    {
        Figures = [new("rate", "messages/s", true, Goal.RatioAtLeast(2), Goal.RatioAtLeast(4)), new("cpu", "ns", false, Goal.AtMostOf(10))],
    };

    private static readonly Measurement[] Measured =
    [
        new("run", Contender.Ours, Over.Tcp, 1, "rate", 30), new("run", Contender.Ours, Over.Unix, 1, "rate", 30), new("run", Contender.Nats, Over.Tcp, 1, "rate", 10),
        new("run", Contender.Floor, Over.Tcp, 1, "rate", 60), new("run", Contender.Ours, Over.Tcp, 1, "cpu", 11), new("run", Contender.Floor, Over.Tcp, 1, "cpu", 5.5),
    ];

    [Fact]
    public void Both_transports_are_compared_with_nats_server_over_tcp()
    {
        var rows = Summary.Of([Run], Measured);
        Assert.Equal([(Over.Tcp, 3.0, true), (Over.Unix, 3.0, false)], rows.Where(r => r.Figure.Field == "rate").Select(r => (r.Over, r.Ratio!.Value, r.Met!.Value)));
    }

    [Fact]
    public void A_goal_of_its_own_needs_no_baseline()
    {
        var cpu = Summary.Of([Run], Measured).Single(r => r.Figure.Field == "cpu");
        Assert.Equal((11, null, false), (cpu.Ours, cpu.Ratio, cpu.Met));
    }

    [Fact]
    public void The_distance_to_the_floor_grows_as_it_gets_worse() =>
        Assert.Equal([2.0, null, 2.0], Summary.Of([Run], Measured).Select(r => r.OfFloor));

    [Fact]
    public void A_yardstick_is_on_our_own_server_and_over_the_same_transport()
    {
        var scenario = Run with { Yardstick = Run.Load };
        var row = Summary.Of([scenario], [.. Measured, new("run", Contender.Yardstick, Over.Unix, 1, "rate", 60)]).Single(r => r.Over == Over.Unix && r.Figure.Field == "rate");
        Assert.Equal((0.5, Contender.Yardstick), (row.Ratio, row.BaselineName));
    }

    [Fact]
    public void Measurements_survive_their_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            MeasurementFile.Write(file, Measured);
            Assert.Equal(Measured, MeasurementFile.Read(file));
            File.AppendAllText(file, "run,ipcbus,Tcp,first,rate,1\n");
            Assert.Contains("line 8", Assert.Throws<FormatException>(() => MeasurementFile.Read(file)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void The_chart_is_well_formed_and_has_a_bar_for_each_ratio()
    {
        var svg = System.Xml.Linq.XDocument.Parse(SvgChart.Draw(Summary.Of([Run], Measured)));
        Assert.Equal(2, svg.Descendants().Count(e => e.Name.LocalName == "rect" && e.Attribute("fill")!.Value is "#2da44e" or "#cf222e"));
    }

    [Fact]
    public void The_page_keeps_what_is_around_the_table()
    {
        const string Page = "before\n<!-- figures: begin (written by ./bench --write-docs) -->\nold\n<!-- figures: end -->\nafter\n";
        var page = DocsPage.Replace(Page, "new");
        Assert.Equal("before\n<!-- figures: begin (written by ./bench --write-docs) -->\n\nnew\n<!-- figures: end -->\nafter\n", page);
        Assert.Throws<FormatException>(() => DocsPage.Replace("no markers", "new"));
    }

    [Fact]
    public void A_cell_with_commas_and_quotes_is_quoted() =>
        Assert.Contains("\"a run, of \"\"something\"\"\"", ResultCsv.Lines(Summary.Of([Run], Measured)).ElementAt(1), StringComparison.Ordinal);

    [Fact]
    public void Every_scenario_has_a_key_of_its_own() =>
        Assert.Equal(ScenarioList.All.Count, ScenarioList.All.Select(s => s.Key).Distinct(StringComparer.Ordinal).Count());
}

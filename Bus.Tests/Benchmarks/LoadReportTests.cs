using Bus.Benchmarks.Compare.Loads;

namespace Bus.Tests.Benchmarks;

public sealed class LoadReportTests
{
    [Fact]
    public void Figures_are_read_by_name()
    {
        var figures = LoadReport.Parse("reqrep", """{"mode":"reqrep","ok":true,"count":100,"p50_us":12.5,"lost":0,"server_cpu_ns_per_msg":1340}""" + "\n");
        Assert.Equal(12.5, figures["p50_us"]);
        Assert.Equal(1340, figures["server_cpu_ns_per_msg"]);
    }

    [Theory]
    [InlineData("", "printed 0 lines")]
    [InlineData("hello", "no JSON")]
    [InlineData("[1]", "no JSON object")]
    [InlineData("{\"mode\":\"pubsub\",\"ok\":true}\nand more", "printed 2 lines")]
    [InlineData("""{"mode":"latency","ok":true}""", "reported on 'latency'")]
    [InlineData("""{"mode":"pubsub"}""", "failed")]
    [InlineData("""{"mode":"pubsub","ok":false,"lost":3}""", "failed")]
    [InlineData("""{"mode":"pubsub","ok":true,"lost":3}""", "failed")]
    [InlineData("""{"mode":"pubsub","ok":true,"dup":1}""", "failed")]
    [InlineData("""{"mode":"pubsub","ok":true,"reordered":1}""", "failed")]
    [InlineData("""{"mode":"pubsub","ok":false,"error":"connect"}""", "failed")]
    [InlineData("""{"mode":"pubsub","ok":true,"msgs_per_s":"many"}""", "'msgs_per_s'")]
    [InlineData("""{"mode":"pubsub","ok":true,"msgs_per_s":1,"msgs_per_s":2}""", "'msgs_per_s'")]
    [InlineData("""{"mode":"pubsub","ok":true,"speed":1}""", "'speed'")]
    public void Anything_else_is_an_error_with_the_text_in_it(string output, string why)
    {
        var error = Assert.Throws<LoadFailedException>(() => LoadReport.Parse("pubsub", output));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Contains(output, error.Message, StringComparison.Ordinal);
    }
}

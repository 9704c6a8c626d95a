using System.Threading.Channels;
using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Tests.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bus.Tests.Core.Endpoint;

public sealed class LostMessagesTests : IDisposable
{
    private readonly Channel<BusNoticeEventArgs> _notices = Channel.CreateUnbounded<BusNoticeEventArgs>();
    private readonly EndpointLink _link = new("test", window: 1, TimeProvider.System, NullLoggerFactory.Instance);
    private readonly LostMessages _lost;

    public LostMessagesTests()
    {
        _link.Noticed = notice => _notices.Writer.TryWrite(notice);
        _lost = new LostMessages("orders", _link);
    }

    [Fact]
    public async Task Of_an_outage_only_begin_and_end_are_told_and_of_other_faults_each()
    {
        for (var i = 0; i < 1000; i++) _lost.Add(new NotConnectedException("The connection is down."));
        _lost.Add(new PayloadTooLargeException("orders", 3, 2));
        _lost.OutageOver();
        _lost.OutageOver();
        _lost.Add(new NotConnectedException("Down again."));
        _lost.OutageOver();
        _lost.Add(new PayloadTooLargeException("orders", 4, 2));

        foreach (var text in new[] { "The connection is down.", "has 3 bytes", "999 more", "Down again.", "has 4 bytes" })
        {
            var notice = await _notices.Reader.ReadAsync().AsTask().Guard();
            Assert.Equal((BusNoticeKind.NotPublished, "orders"), (notice.Kind, notice.Topic));
            Assert.Contains(text, notice.Text, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _link.Dispose();
}

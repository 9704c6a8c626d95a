using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.Streams;

namespace Bus.Core.Rpc;

/// <summary>Errors on their way from one side of a stream to the other.</summary>
internal static class StreamErrors
{
    /// <summary>What a call ends with whose handler has thrown.</summary>
    public static Exception AnswerTo(Exception error, ServiceCall call) => error switch
    {
        PayloadTooLargeException large => new RemoteErrorException(large.Message, large.IsReceived ? 413 : 500, BusErrors.PayloadTooLarge),
        StreamBrokenException broken => new RemoteErrorException(broken.Message, 400, broken.Error),
        _ => CallRules.AnswerTo(error, call),
    };

    /// <summary>What a service hears when the items of a caller end with an error.</summary>
    public static Answer OfUpload(Exception error) => error switch
    {
        RemoteErrorException chosen => new Answer([], chosen.Text, chosen.Code, chosen.Error, chosen.Detail),
        OperationCanceledException => new Answer([], "The caller has cancelled what it sends.", 499, BusErrors.Cancelled),
        PayloadTooLargeException => new Answer([], error.Message, 413, BusErrors.PayloadTooLarge),
        _ => new Answer([], error.Message, 500, BusErrors.UploadFailed),
    };

    /// <summary>An item that a caller has sent. One that cannot be read is its fault.</summary>
    public static T Read<T>(BusMessage<T> item, string topic)
    {
        try
        {
            return item.Data;
        }
        catch (PayloadFormatException e)
        {
            var (code, error) = e.UnsupportedType is null ? (400, BusErrors.BadRequest) : (415, BusErrors.UnsupportedContentType);
            throw new RemoteErrorException($"An item that was sent to '{topic}' cannot be read: {e.Message}", code, error);
        }
    }
}

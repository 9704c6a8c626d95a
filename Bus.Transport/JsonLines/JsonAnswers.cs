using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Transport.JsonLines;

/// <summary>Tells a client what came of what it asked for. Single-threaded.</summary>
internal sealed class JsonAnswers(JsonSession session)
{
    private JsonPen Pen => session.Pen;

    /// <summary>Something has come to where answers go.</summary>
    /// <param name="topic">By which it finds its request.</param>
    /// <param name="block">The headers; empty for none.</param>
    /// <param name="payload">The payload.</param>
    public void Take(string topic, ReadOnlySpan<byte> block, ReadOnlySpan<byte> payload)
    {
        // Late: nobody waits for it any more.
        if (session.Requests.Find(topic) is not { HasReachedNobody: false } request) return;
        var headers = HeaderBlock.Decode(block, out _);
        if (request.Survey is { } survey && TakePart(request, survey, headers, block, payload)) return;
        if (request.Stream is { } stream && session.Streams.Take(request, stream, headers, block, payload)) return;
        if (request.Call is not null && IsOfNobody(headers, block))
        {
            session.Calls.AskWhy(request);
            return;
        }

        session.Requests.Remove(request);
        if (request.Op == JsonOp.None) session.Calls.Explain(block.IsEmpty ? payload : default);
        else Answer(request, headers, block, payload);
    }

    /// <summary>The time of a request is over.</summary>
    public void Expire(JsonRequest request)
    {
        if (request.Stream is { IsOpen: true } stream)
        {
            session.Streams.Look(request, stream);
            return;
        }

        if (request.Stream is not null) session.Calls.Stop(request);
        if (request.Op == JsonOp.None) session.Calls.Explain(services: default);
        else if (request.HasReachedNobody) Pen.Fault(JsonCalls.Nobody(request), request.Id);
        else if (request.Survey is { Asked: not null } survey) End(request, survey);
        else Pen.Fault(new JsonFault(BusErrors.Timeout, OutOfTime(request)), request.Id);
    }

    private static string OutOfTime(JsonRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"No {(request.IsConfirm ? "confirmation" : "answer")} came from '{request.Topic}' within {request.Timeout.TotalMilliseconds:0} ms.");

    private static JsonFault Missing(JsonRequest request, string? error) => error is null
        ? new JsonFault(BusErrors.NoResponders, request.Op == JsonOp.Send ? $"'{request.Topic}' has no inbox open, or it was too full." : $"Nobody responds on '{request.Topic}'.")
        : new JsonFault(error, $"The responder on '{request.Topic}' went away before it answered.");

    /// <summary>The bus says that nobody got it, and not that who did is gone.</summary>
    private static bool IsOfNobody(BusHeaders headers, ReadOnlySpan<byte> block) => HeaderBlock.ReadStatus(block) == 503 && !headers.Contains(ErrorHeaders.Error);

    private void Answer(JsonRequest request, BusHeaders headers, ReadOnlySpan<byte> block, ReadOnlySpan<byte> payload)
    {
        if (HeaderBlock.ReadStatus(block) == 503)
        {
            Pen.Fault(Missing(request, headers[ErrorHeaders.Error]), request.Id);
        }
        else if (IsError(headers))
        {
            // The service keeps to the time that this call gave it, so this is how the end of that time may be heard of.
            if (request.Call is not null && headers[ErrorHeaders.Error] == BusErrors.DeadlineExceeded) Pen.Fault(new JsonFault(BusErrors.Timeout, OutOfTime(request)), request.Id);
            else Failure("error", request, headers, block, payload);
        }
        else if (request.IsConfirm)
        {
            Confirm(request, payload);
        }
        else
        {
            Pen.Begin(request.Op is JsonOp.Send && payload.IsEmpty ? "ok" : "reply", request.Id);
            Pen.Content(block, payload, request.Form);
            Pen.End();
        }
    }

    private void Confirm(JsonRequest request, ReadOnlySpan<byte> payload)
    {
        if (JsonValues.TryRead(payload, ReceiptJson.Default.PublishReceipt) is not { } receipt)
        {
            Pen.Fault(new JsonFault(BusErrors.PayloadFormat, $"What was to confirm the message to '{request.Topic}' cannot be read."), request.Id);
            return;
        }

        Pen.Begin("ok", request.Id);
        Pen.Number("reached", receipt.Reached);
        Pen.End();
    }

    /// <summary>One of the answers of a survey, or how many there will be.</summary>
    /// <returns>False: the bus has refused the question.</returns>
    private bool TakePart(JsonRequest request, JsonSurvey survey, BusHeaders headers, ReadOnlySpan<byte> block, ReadOnlySpan<byte> payload)
    {
        // Only the bus can give a message a status.
        if (HeaderBlock.HasStatus(block))
        {
            // That nobody responds is told as to any request; how many were asked follows.
            var status = HeaderBlock.ReadStatus(block);
            if (status == 503) return true;
            if (status != SystemHeaders.ReachedStatus) return false;
            survey.Asked = int.Parse(headers[SystemHeaders.Reached]!, NumberStyles.None, CultureInfo.InvariantCulture);
        }
        else if (!survey.HasEnough)
        {
            survey.Answered++;
            if (IsError(headers))
            {
                Failure("answer", request, headers, block, payload);
            }
            else
            {
                Pen.Begin("answer", request.Id);
                Pen.Content(block, payload, request.Form);
                Pen.End();
            }
        }

        if (!survey.IsComplete) return true;
        session.Requests.Remove(request);
        End(request, survey);
        return true;
    }

    private void End(JsonRequest request, JsonSurvey survey)
    {
        Pen.Begin("end", request.Id);
        Pen.Number("asked", survey.Asked!.Value);
        Pen.Number("answered", survey.Answered);
        Pen.End();
    }

    public static bool IsError(BusHeaders headers) => headers.Contains(ErrorHeaders.Text) || headers.Contains(ErrorHeaders.Code);

    private void Failure(string op, JsonRequest request, BusHeaders headers, ReadOnlySpan<byte> block, ReadOnlySpan<byte> payload)
    {
        Pen.Begin(op, request.Id);
        Pen.Error(
            headers[ErrorHeaders.Error] ?? "remote-error",
            headers[ErrorHeaders.Text] is { Length: > 0 } text ? text : "The responder gave no text.",
            int.TryParse(headers[ErrorHeaders.Code], NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : 500);
        if (!payload.IsEmpty) Pen.Payload(Pen.Open(block, payload, headers), request.Form);
        Pen.End();
    }
}

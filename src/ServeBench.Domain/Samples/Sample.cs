namespace ServeBench.Domain.Samples;

/// <summary>
/// One request as the driver saw it. Times are nanoseconds on one monotonic clock, zero at the start of the measured window.
/// </summary>
/// <param name="Intended">When the schedule wanted it sent. In a closed loop: when its slot became free.</param>
/// <param name="Sent">When its first byte was handed to the operating system; equal to <paramref name="Last"/> when nothing was
/// sent.</param>
/// <param name="First">When the first byte of the answer arrived, or of a streamed one its first whole event or message; equal to
/// <paramref name="Last"/> when none did.</param>
/// <param name="Last">When the last byte of the answer arrived, or when the request failed.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Status">HTTP status, or 0 when there was none.</param>
/// <param name="Items">Items in the request (texts, images, prompts).</param>
/// <param name="ResponseBytes">Bytes of the answer's body.</param>
/// <param name="Payload">Which of the workload's distinct payloads it carried.</param>
public readonly record struct Sample(
    long Intended, long Sent, long First, long Last, Outcome Outcome, ushort Status, int Items, int ResponseBytes, int Payload)
{
    /// <summary>Latency as a user sees it: last byte minus intended send (method.md), nanoseconds.</summary>
    public long EndToEnd => Last - Intended;

    /// <summary>Last byte minus actual send, nanoseconds.</summary>
    public long Service => Last - Sent;

    /// <summary>How late the driver was, nanoseconds.</summary>
    public long Lag => Sent - Intended;
}

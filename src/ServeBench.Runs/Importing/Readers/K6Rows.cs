using System.Globalization;
using ServeBench.Load.K6.Results;

namespace ServeBench.Runs.Importing.Readers;

/// <summary>Reads the raw output of any k6 script: of ours the requests of the measured window, of others every request.</summary>
internal static class K6Rows
{
    public static ImportedRequests Of(IEnumerable<K6Row> rows)
    {
        var (all, measured) = (new Collector(), new Collector());
        foreach (var row in rows)
        {
            var isMeasured = row.Tag("phase") == "measure" || row.Metric == "dropped_iterations";
            if (isMeasured) measured.Add(row);
            // What was before the window does not count once there is one, and need not be kept.
            if (measured.Result.Requests.Count == 0) all.Add(row);
            else if (all.Result.Requests.Count > 0) all = new Collector();
        }
        var result = measured.Result.Requests.Count > 0 ? measured.Result : all.Result;
        if (result.Requests.Count == 0 && all.Metrics.Count > 0) result.Remarks.Add($"it has {string.Join(", ", all.Metrics.Take(5))}");
        else if (result.Requests.Exists(r => r.Outcome == ImportedRequest.Unknown))
            result.Lacks(
                Figures.Failures,
                "the script's run was set to write neither http_req_failed nor statuses (systemTags), "
                    + "so requests that failed are among the latencies");
        return result;
    }

    /// <summary>Puts the rows of each request together: they follow each other.</summary>
    private sealed class Collector
    {
        public ImportedRequests Result { get; } = new();

        /// <summary>Names of metrics that are no requests, for who finds none.</summary>
        public HashSet<string> Metrics { get; } = [];

        public void Add(K6Row row)
        {
            switch (row.Metric)
            {
                case "http_req_duration":
                    Request(row, Failed(row), FailureKind.OfK6(row.ErrorCode, row.Status));
                    break;
                case "grpc_req_duration":
                    Request(row, row.Status.Length == 0 ? null : row.Status != "0", FailureKind.OfGrpc(row.Status));
                    break;
                // Our scripts of other protocols measure their requests themselves, and say how they ended.
                case "request_duration":
                    Request(
                        row,
                        row.Tag("outcome") is { } outcome ? outcome != "success" : null,
                        row.Tag("outcome") is { Length: <= 20 } kind ? kind : FailureKind.Other);
                    break;
                case "http_req_failed" or "request_failed" when Result.Requests.Count > 0:
                    Result.Ended(row.Value > 0, FailureKind.OfK6(row.ErrorCode, row.Status));
                    break;
                case "latency_from_schedule":
                    if (Result.FromSchedule.Count < ImportedRequests.Most) Result.FromSchedule.Add(Nanoseconds(row));
                    break;
                case "dropped_iterations" or "dropped_arrivals":
                    Result.Dropped = (Result.Dropped ?? 0) + (long)Math.Clamp(row.Value, 0, int.MaxValue);
                    break;
                default:
                    if (Metrics.Count < 20 && row.Metric.Length <= 40) Metrics.Add(row.Metric);
                    break;
            }
        }

        private void Request(K6Row row, bool? failed, string kind)
        {
            var duration = Nanoseconds(row);
            Result.Add(row.Time - duration, duration, failed, kind);
        }

        /// <summary>Null when the rows' tags do not say; http_req_failed, which k6 has since 0.31, follows.</summary>
        private static bool? Failed(K6Row row) => row.Expected switch
        {
            "true" => false,
            "false" => true,
            _ when row.ErrorCode != 0 => true,
            _ when int.TryParse(row.Status, out var status) => !FailureKind.IsSuccess(status),
            _ => null,
        };

        private static long Nanoseconds(K6Row row) =>
            Quantity.Nanoseconds(row.Value, 1e6)
                ?? throw new InvalidDataException(string.Create(
                    CultureInfo.InvariantCulture, $"line {row.Line}: {row.Metric} is {row.Value}, which is no length of time"));
    }
}

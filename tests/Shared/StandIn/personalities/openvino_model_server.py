"""OpenVINO Model Server, by its documentation alone: the protocol of Triton over HTTP, counters in microseconds on the same port."""

import triton
from tei import histogram


class Personality(triton.Personality):
    refuses = False

    def metrics(self):
        requests = self.of("requests")
        return histogram("ovms_request_time_us", requests, 1e6 * self.of("seconds")) + 'ovms_infer_req_active{name="m",version="1"} 0\n'

    def end(self, connections):
        return 0

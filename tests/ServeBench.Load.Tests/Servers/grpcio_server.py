"""A gRPC server by grpcio: it echoes messages, or fails with the status that a message asks for; it needs no generated code."""
import sys
from concurrent import futures

import grpc


def infer(message, context):
    at = message.find(b"status ")
    if at >= 0:
        number = int(message[at + 7 : at + 9])
        code = next(c for c in grpc.StatusCode if c.value[0] == number)
        context.abort(code, "as asked: \u00e4")
    return message


def stream(message, context):
    for _ in range(3):
        yield message


class Handler(grpc.GenericRpcHandler):
    def service(self, details):
        if details.method.endswith("/Generate"):
            return grpc.unary_stream_rpc_method_handler(stream)
        return grpc.unary_unary_rpc_method_handler(infer)


server = grpc.server(futures.ThreadPoolExecutor(4))
server.add_generic_rpc_handlers([Handler()])
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
sys.stdin.read()
server.stop(None)

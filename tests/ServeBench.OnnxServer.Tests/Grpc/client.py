"""Asks the server by grpcio, with messages made from the descriptions that its reflection hands out: ADDRESS services.pb IMAGE."""

import struct
import sys

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

address, descriptors, image = sys.argv[1:]
pool = descriptor_pool.DescriptorPool()
for file in descriptor_pb2.FileDescriptorSet.FromString(open(descriptors, "rb").read()).file:
    pool.Add(file)


def message(name):
    descriptor = pool.FindMessageTypeByName(name)
    if hasattr(message_factory, "GetMessageClass"):
        return message_factory.GetMessageClass(descriptor)
    return message_factory.MessageFactory(pool).GetPrototype(descriptor)


def call(kind, service, method, request, response):
    return kind(f"/{service}/{method}", request_serializer=lambda m: m.SerializeToString(), response_deserializer=message(response).FromString)


INFERENCE = "inference.GRPCInferenceService"
Request = message("inference.ModelInferRequest")
channel = grpc.insecure_channel(address)
live = call(channel.unary_unary, INFERENCE, "ServerLive", "ServerLiveRequest", "inference.ServerLiveResponse")
assert live(message("inference.ServerLiveRequest")(), timeout=30).live
health = call(channel.unary_unary, "grpc.health.v1.Health", "Check", "HealthCheckRequest", "grpc.health.v1.HealthCheckResponse")
assert health(message("grpc.health.v1.HealthCheckRequest")(), timeout=30).status == 1
infer = call(channel.unary_unary, INFERENCE, "ModelInfer", "ModelInferRequest", "inference.ModelInferResponse")


def asked(model, content):
    request = Request(model_name=model, id="python")
    tensor = request.inputs.add()
    tensor.name, tensor.datatype = "encoded", "BYTES"
    tensor.shape.append(1)
    request.raw_input_contents.append(struct.pack("<I", len(content)) + content)
    return request


content = open(image, "rb").read()
answer = infer(asked("small-classifier", content), timeout=30)
assert answer.id == "python" and list(answer.outputs[0].shape) == [1, 40], answer
logits = struct.unpack("<40f", answer.raw_output_contents[0])

try:
    infer(asked("small-classifier", b"no image"), timeout=30)
    raise AssertionError("a text was taken for an image")
except grpc.RpcError as error:
    assert error.code() == grpc.StatusCode.INVALID_ARGUMENT, error
    assert "is of no format" in error.details(), error

stream = call(channel.stream_stream, INFERENCE, "ModelStreamInfer", "ModelInferRequest", "inference.ModelStreamInferResponse")
answers = list(stream(iter([asked("small-classifier", content), asked("nobody", content)]), timeout=30))
assert struct.unpack("<40f", answers[0].infer_response.raw_output_contents[0]) == logits
assert "'nobody' does not exist" in answers[1].error_message, answers
print("logits", *logits)

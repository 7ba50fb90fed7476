package io.espalier.actors.federation.gateway;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Byte streams of HTTP/2 and gRPC made by hand, for clients that no library would be. */
final class WireFrames {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int END_HEADERS = 4;

  private WireFrames() {}

  /** A connection's start and one call on it, whose data may be anything. */
  static byte[] call(String client, String method, byte[] data) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
    frame(out, SETTINGS, 0, 0, new byte[0]);
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    header(headers, ":method", "POST");
    header(headers, ":scheme", "http");
    header(headers, ":path", "/espalier.federation.v1.Federation/" + method);
    header(headers, ":authority", "x");
    header(headers, "content-type", "application/grpc");
    header(headers, "te", "trailers");
    header(headers, "espalier-client", client);
    frame(out, HEADERS, END_HEADERS, 1, headers.toByteArray());
    if (data.length > 0) {
      frame(out, DATA, 0, 1, data);
    }
    return bytes.toByteArray();
  }

  /** A message as gRPC frames it. */
  static byte[] message(byte[] content) {
    return ByteBuffer.allocate(5 + content.length)
        .put((byte) 0)
        .putInt(content.length)
        .put(content)
        .array();
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
  }

  /** A literal header that is not indexed, in plain characters. */
  private static void header(ByteArrayOutputStream out, String name, String value)
      throws IOException {
    out.write(0);
    string(out, name);
    string(out, value);
  }

  private static void string(ByteArrayOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length < 127) {
      out.write(bytes.length);
    } else {
      out.write(127);
      int rest = bytes.length - 127;
      for (; rest >= 128; rest >>= 7) {
        out.write(rest % 128 + 128);
      }
      out.write(rest);
    }
    out.write(bytes);
  }
}

package io.espalier.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import akka.util.ByteString;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestFramingTest {
  private static final String FIXED = "PUT /a HTTP/1.1\r\nContent-Length: 4\r\n\r\n\n\n \n";
  private static final String CHUNKED =
      "PUT /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n\n123456789\r\n0\r\nX: y\r\n\r\n";
  private static final String EMPTY = "GET /c HTTP/1.0\r\nHost: localhost\r\n\r\n";

  @Test
  void requests_thatKeepTheGrammar_passAsTheyAre_howeverTheyArePieced() {
    String all = FIXED + CHUNKED + EMPTY + CHUNKED + FIXED + EMPTY;

    for (int size = 1; size <= all.length(); size++) {
      assertThat(checked(all, size)).as("pieces of %d bytes", size).isEqualTo(all);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nX: y\r\n z\r\n\r\n",
        "GET / HTTP/1.1\r\nX: y\rZ: z\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1, 1\r\n\r\n",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\ncontent-length: 1\r\n\r\n",
        "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\n",
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1234567890abcdef\r\n",
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n",
      })
  void request_thatBreaksIt_isBroken_atTheSameByte_howeverItIsPieced(String text) {
    String whole = checked(text + EMPTY, text.length() + EMPTY.length());

    assertThat(whole).contains(RequestFraming.BREAK + "").doesNotContain("GET /c");
    for (int size = 1; size < text.length(); size++) {
      assertThat(checked(text + EMPTY, size)).as("pieces of %d bytes", size).isEqualTo(whole);
    }
  }

  @Test
  void version_ofALongRequestLine_isSeen() {
    String line = "PUT /" + "a".repeat(1000) + " HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n";

    assertThat(checked(line, 100)).contains(RequestFraming.BREAK + "");
  }

  private static String checked(String text, int size) {
    var framing = new RequestFraming();
    var passed = new StringBuilder();
    for (int at = 0; at < text.length(); at += size) {
      ByteString piece =
          ByteString.fromString(
              text.substring(at, Math.min(at + size, text.length())), StandardCharsets.ISO_8859_1);
      passed.append(framing.checked(piece).decodeString(StandardCharsets.ISO_8859_1));
    }
    return passed.toString();
  }
}

package io.espalier.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BackgroundFailuresTest {
  @Test
  void failure_ofAThread_isOneLine() throws InterruptedException {
    assertThat(printed(false).lines())
        .containsExactly(
            "espalier: a thread in the background ended: thread=kafka-7,"
                + " cause=java.lang.IllegalStateException: the port is taken;"
                + " ESPALIER_DEBUG=1 in the environment shows the stack trace");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void failure_whileDebugging_hasItsStackTrace(boolean debug) throws InterruptedException {
    assertThat(printed(debug).contains("\tat ")).isEqualTo(debug);
  }

  private static String printed(boolean debug) throws InterruptedException {
    StringWriter out = new StringWriter();
    Thread thread =
        new Thread(
            () -> {
              throw new IllegalStateException("the port is taken\nand more");
            },
            "kafka-7");
    thread.setUncaughtExceptionHandler(new BackgroundFailures(new PrintWriter(out), debug));
    thread.start();
    thread.join();
    return out.toString();
  }
}

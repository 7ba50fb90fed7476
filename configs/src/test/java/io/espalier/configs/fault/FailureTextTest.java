package io.espalier.configs.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FailureTextTest {
  @Test
  void failure_withMessage_isTheMessage() {
    assertThat(FailureText.of(new IllegalStateException("a rule: value=1")))
        .isEqualTo("a rule: value=1");
  }

  @Test
  void failure_withoutMessage_isItsClass() {
    assertThat(FailureText.of(new IllegalStateException()))
        .isEqualTo("java.lang.IllegalStateException");
  }

  @Test
  void failure_causedByLackOfMemory_tellsHeapAndWayOut() {
    Throwable lack = new OutOfMemoryError("Java heap space");

    String text = FailureText.of(new IllegalStateException("a transfer failed", lack));

    assertThat(text)
        .startsWith("out of memory: ")
        .contains(
            "heap=%d MB".formatted(Runtime.getRuntime().maxMemory() >> 20),
            "cause=Java heap space",
            "ESPALIER_JAVA_OPTS=-Xmx");
  }
}

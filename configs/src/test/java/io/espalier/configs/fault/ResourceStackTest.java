package io.espalier.configs.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ResourceStackTest {
  private final List<String> closed = new ArrayList<>();

  @Test
  void open_succeeds_closesNothingUntilTheOwnerDoes() {
    ResourceStack owner =
        ResourceStack.open(
            opened -> {
              opened.add(() -> closed.add("first"));
              opened.add(() -> closed.add("second"));
              return opened;
            });

    assertThat(closed).isEmpty();
    owner.close();
    owner.close();
    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void open_fails_closesInReverseOrderAndThrowsTheCause() {
    IOException cause = new IOException("no third");

    assertThatThrownBy(
            () ->
                ResourceStack.open(
                    opened -> {
                      opened.add(() -> closed.add("first"));
                      opened.add(() -> closed.add("second"));
                      throw cause;
                    }))
        .isSameAs(cause);

    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void open_failsAndSoDoesAClose_closesTheRestAndThrowsTheCause() {
    assertThatThrownBy(
            () ->
                ResourceStack.open(
                    opened -> {
                      opened.add(() -> closed.add("first"));
                      opened.add(() -> fail("second"));
                      opened.add(() -> fail("third"));
                      throw new IOException("cause");
                    }))
        .isInstanceOf(IOException.class)
        .satisfies(
            e -> {
              assertThat(e.getSuppressed()).singleElement().hasToString(text("third"));
              assertThat(e.getSuppressed()[0].getSuppressed())
                  .singleElement()
                  .hasToString(text("second"));
            });

    assertThat(closed).containsExactly("first");
  }

  private static void fail(String name) {
    throw new IllegalStateException(name);
  }

  private static String text(String name) {
    return new IllegalStateException(name).toString();
  }
}

package io.espalier.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AcceptQueueTest {
  private final List<String> starts = new ArrayList<>();
  private final List<String> shed = new ArrayList<>();
  private final Deque<Runnable> started = new ArrayDeque<>();
  private final AcceptQueue queue = new AcceptQueue(2, 4, Runnable::run);

  @Test
  void connections_startAtOnce_upToTheLimit_andThenTheNewestFirst() {
    for (String name : List.of("a", "b", "c", "d", "e")) {
      queue.add(connection(name));
    }
    assertThat(starts).containsExactly("a", "b");

    started.remove().run();
    queue.add(connection("f"));
    started.remove().run();

    assertThat(starts).containsExactly("a", "b", "e", "f");
  }

  @Test
  void connections_beyondTheLimitOfThoseThatWait_areShed_theOldestFirst() {
    for (String name : List.of("a", "b", "c", "d", "e", "f", "g", "h")) {
      queue.add(connection(name));
    }

    assertThat(starts).containsExactly("a", "b");
    assertThat(shed).containsExactly("c", "d");
  }

  @Test
  void connections_thatWaitAtTheEnd_areShed_andNeverStart() {
    for (String name : List.of("a", "b", "c", "d")) {
      queue.add(connection(name));
    }

    queue.shedAll();
    started.forEach(Runnable::run);

    assertThat(shed).containsExactly("c", "d");
    assertThat(starts).containsExactly("a", "b");
  }

  private AcceptQueue.Connection connection(String name) {
    return new AcceptQueue.Connection() {
      @Override
      public void start(Runnable whenStarted) {
        starts.add(name);
        started.add(whenStarted);
      }

      @Override
      public void shed() {
        shed.add(name);
      }
    };
  }
}

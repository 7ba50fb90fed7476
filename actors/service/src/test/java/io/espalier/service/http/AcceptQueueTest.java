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
  private final AcceptQueue queue = new AcceptQueue(2, Runnable::run);

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
  void connection_thatIsShedBeforeItsStart_neverStarts() {
    AcceptQueue.Connection waiting = connection("c");
    queue.add(connection("a"));
    queue.add(connection("b"));
    queue.add(waiting);

    queue.shed(waiting);
    queue.shed(waiting);
    started.forEach(Runnable::run);

    assertThat(shed).containsExactly("c");
    assertThat(starts).containsExactly("a", "b");
  }

  @Test
  void connection_thatHasStarted_isNotShed() {
    AcceptQueue.Connection first = connection("a");
    queue.add(first);

    queue.shed(first);

    assertThat(shed).isEmpty();
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

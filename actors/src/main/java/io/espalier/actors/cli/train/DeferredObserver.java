package io.espalier.actors.cli.train;

import io.espalier.telemetry.event.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Keeps the events of a run's start until there is someone to show them. Thread-safe. */
final class DeferredObserver implements Consumer<Event> {
  private final List<Event> waiting = new ArrayList<>();
  private Consumer<Event> target = waiting::add;

  @Override
  public synchronized void accept(Event event) {
    target.accept(event);
  }

  synchronized void forwardTo(Consumer<Event> observer) {
    target = observer;
    waiting.forEach(observer);
    waiting.clear();
  }
}

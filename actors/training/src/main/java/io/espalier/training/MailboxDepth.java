package io.espalier.training;

import akka.actor.ActorCell;
import akka.actor.ActorRefWithCell;
import akka.actor.typed.ActorRef;
import akka.actor.typed.javadsl.Adapter;

/** Counts waiting messages when asked; sending and receiving cost nothing more. Thread-safe. */
public final class MailboxDepth {
  private MailboxDepth() {}

  public static long below(ActorRef<?> parent) {
    long messages = 0;
    if (Adapter.toClassic(parent) instanceof ActorRefWithCell ref
        && ref.underlying() instanceof ActorCell cell) {
      for (akka.actor.ActorRef child : cell.getChildren()) {
        if (child instanceof ActorRefWithCell actor) {
          messages += actor.underlying().numberOfMessages();
        }
      }
    }
    return messages;
  }
}

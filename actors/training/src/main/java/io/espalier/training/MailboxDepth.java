package io.espalier.training;

import akka.actor.AbstractExtensionId;
import akka.actor.ActorPath;
import akka.actor.ActorSystem;
import akka.actor.ExtendedActorSystem;
import akka.actor.Extension;
import akka.dispatch.MessageQueue;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The counted mailboxes of one actor system. Thread-safe, without locks on the way of messages. */
public final class MailboxDepth implements Extension {
  private static final Id ID = new Id();

  private final Map<MessageQueueKey, ActorPath> owners = new ConcurrentHashMap<>();

  private static final class Id extends AbstractExtensionId<MailboxDepth> {
    @Override
    public MailboxDepth createExtension(ExtendedActorSystem system) {
      return new MailboxDepth();
    }
  }

  /** A queue by identity: queues that are equal are not the same. */
  private record MessageQueueKey(MessageQueue queue) {
    @Override
    public boolean equals(Object other) {
      return other instanceof MessageQueueKey key && key.queue == queue;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(queue);
    }
  }

  private MailboxDepth() {}

  /** The mailboxes of a system. */
  public static MailboxDepth of(ActorSystem system) {
    return ID.get(system);
  }

  /** Messages that wait at this moment for those children of an actor whose mailbox is counted. */
  public long below(ActorPath parent) {
    return owners.entrySet().stream()
        .filter(entry -> entry.getValue().parent().equals(parent))
        .mapToLong(entry -> entry.getKey().queue().numberOfMessages())
        .sum();
  }

  MessageQueue enter(MessageQueue queue, ActorPath owner) {
    owners.put(new MessageQueueKey(queue), owner);
    return queue;
  }

  void leave(MessageQueue queue) {
    owners.remove(new MessageQueueKey(queue));
  }
}

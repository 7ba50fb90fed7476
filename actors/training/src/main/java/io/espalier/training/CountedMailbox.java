package io.espalier.training;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.typed.MailboxSelector;
import akka.actor.typed.Props;
import akka.dispatch.MailboxType;
import akka.dispatch.MessageQueue;
import akka.dispatch.ProducesMessageQueue;
import akka.dispatch.UnboundedMailbox;
import com.typesafe.config.Config;
import scala.Option;

/**
 * The default mailbox, known to {@link MailboxDepth} for as long as its actor lives. Sending and
 * receiving cost what they cost without it: messages are counted when somebody asks.
 */
public final class CountedMailbox
    implements MailboxType, ProducesMessageQueue<CountedMailbox.Queue> {
  private static final String PATH = "espalier.counted-mailbox";
  private static final String PINNED = "espalier.pinned-dispatcher";

  /** As Akka makes it from its configuration. */
  public CountedMailbox(ActorSystem.Settings settings, Config config) {}

  /** For an actor that keeps one thread for life, and whose mailbox is counted. */
  public static Props pinned() {
    return MailboxSelector.fromConfig(PATH).withDispatcherFromConfig(PINNED);
  }

  @Override
  public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
    return owner.isEmpty() || system.isEmpty()
        ? new UnboundedMailbox.MessageQueue()
        : MailboxDepth.of(system.get()).enter(new Queue(system.get()), owner.get().path());
  }

  /** Messages in the order of their arrival. */
  static final class Queue extends UnboundedMailbox.MessageQueue {
    private final transient ActorSystem system;

    Queue(ActorSystem system) {
      this.system = system;
    }

    @Override
    public void cleanUp(ActorRef owner, MessageQueue deadLetters) {
      MailboxDepth.of(system).leave(this);
      super.cleanUp(owner, deadLetters);
    }
  }
}

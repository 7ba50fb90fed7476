package io.espalier.training;

import io.espalier.configs.fault.CrashPoint;
import io.espalier.masks.MaskVersion;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.sync.AppliedCommit;
import io.espalier.trainer.sync.Commit;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Committer;
import io.espalier.trainer.sync.EvaluationPart;
import io.espalier.trainer.sync.SyncOutcome;
import java.util.List;
import java.util.Optional;

/**
 * The current sync: commits the average of the states that all trainers have sent, and sends the
 * commit to each, until all have answered it. Confined to the coordinator.
 */
final class SyncBarrier {
  private final RunActors.Settings settings;
  private final Committer committer;
  private final TrainerSlots trainers;
  private final CommitSender sender;
  private final SyncEventReporter reports;
  private SyncOutcome current;

  /** Opens the committed state, which the trainers that join are sent. */
  SyncBarrier(RunActors.Settings settings, TrainerSlots trainers, CommitSender sender) {
    this.settings = settings;
    this.committer = settings.committer();
    this.trainers = trainers;
    this.sender = sender;
    this.reports = new SyncEventReporter(settings.events());
    boolean fresh = committer.committed().step() == 0;
    this.current = committer.open();
    if (fresh) {
      settings.events().synced(current, 0, 0, 0);
      keepMasks();
    }
  }

  Commit commit() {
    return current.commit();
  }

  /**
   * Brings a trainer that has joined to the state of the others. In an update that goes layer by
   * layer that takes the state before it, too.
   */
  void admit(TrainerSlot slot) {
    if (slot.answer().isPresent() && current.commit().layer().isEmpty()) {
      sender.prepare(slot, committer.rejoin());
    } else if (current.commit().standsAlone()) {
      sender.send(slot, current);
    } else {
      sender.prepare(slot, committer.prepareForCurrent());
      sender.send(slot, current);
    }
  }

  /** Returns why a trainer's state is not that of this sync; empty if it is. */
  Optional<String> refusal(CoordinatorMessage.StateSent sent) {
    Committed committed = committer.committed();
    long expected =
        commit().next() == Commit.Next.TRAIN
            ? settings.run().plan().nextSync(committed.step())
            : committed.step();
    if (sent.step() != expected) {
      return Optional.of(
          "a trainer must send its state at the next sync: trainer=%d, expected=%d, found=%d"
              .formatted(sent.state().trainer(), expected, sent.step()));
    }
    MaskVersion version = committed.masks().masks().version();
    String layout = committed.run().layout().digest();
    return sent.version().equals(version) && sent.layout().equals(layout)
        ? Optional.empty()
        : Optional.of(
            "a trainer must send the state of the committed layout under its masks: trainer=%d, expected=%s of %s, found=%s of %s"
                .formatted(sent.state().trainer(), version, layout, sent.version(), sent.layout()));
  }

  /** Commits the average of all states. */
  void sync() {
    reports.take(trainers);
    current = committer.sync(trainers.states());
    CrashPoint.BEFORE_PUBLISHING.pass();
    for (TrainerSlot slot : trainers.all()) {
      slot.expectAnswer();
      sender.send(slot, current);
    }
    CrashPoint.AFTER_PUBLISHING.pass();
    reports.synced(current, trainers);
    keepMasks();
  }

  private void keepMasks() {
    if (current.pruning().isPresent() || current.cut().isPresent()) {
      settings.kept().masksChanged(current.committed().masks().masks());
    }
  }

  /** Takes a trainer's answer; returns whether it is the last one to the commit. */
  boolean answered(TrainerSlot slot, AppliedCommit applied) {
    Optional<String> preparation = slot.takePreparation();
    String expected = preparation.orElse(committer.committed().digest());
    committer.verify(slot.trainer(), applied, expected);
    if (preparation.isPresent()) {
      return false;
    }
    slot.answer(applied);
    return trainers.allAnswered();
  }

  /** Reports the evaluations of a commit that all have answered; returns the run if it is over. */
  Optional<FinishedRun> conclude() {
    List<EvaluationPart> results = trainers.evaluations();
    reports.evaluated(commit(), results);
    committer
        .evaluated(commit(), results)
        .ifPresent(score -> settings.kept().improved(committer.finishedState(), score));
    return commit().next() == Commit.Next.FINISH
        ? Optional.of(
            new FinishedRun(
                committer.committed(),
                results.get(results.size() - 1),
                committer.traffic(),
                committer.validation()))
        : Optional.empty();
  }
}

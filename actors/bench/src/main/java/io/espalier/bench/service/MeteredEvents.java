package io.espalier.bench.service;

import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.training.RunListener;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/** Counts the CPU time that a listener of a run takes. Confined to the coordinator. */
final class MeteredEvents {
  private final RunListener listener;
  private double seconds;

  MeteredEvents(RunListener listener) {
    this.listener = listener;
  }

  /** What the run tells its events to. */
  RunListener proxy() {
    return (RunListener)
        Proxy.newProxyInstance(
            RunListener.class.getClassLoader(),
            new Class<?>[] {RunListener.class},
            (proxy, method, arguments) -> tell(method, arguments));
  }

  /** Of all that was told. */
  double seconds() {
    return seconds;
  }

  private Object tell(Method method, Object[] arguments) throws Throwable {
    for (Object argument : arguments) {
      if (argument instanceof SyncOutcome outcome) {
        // Made when it is first asked for; the replicas' answers are checked against it anyway.
        outcome.committed().digest();
      }
    }
    double before = ThreadCpu.ownSeconds();
    try {
      return method.invoke(listener, arguments);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    } finally {
      seconds += ThreadCpu.ownSeconds() - before;
    }
  }
}

/** One run from recipe to files: session, directory, telemetry and artifacts. */
package io.espalier.training.run;

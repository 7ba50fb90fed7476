/** Copies of a service's directory while it is in use. */
package io.espalier.service.backup;

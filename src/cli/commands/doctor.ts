import type { Command } from 'commander';
import { addCommonFlags, type CommonValues, type Session } from '../session.ts';

/** `facefusion doctor`: does everything needed work on this machine? */
export function addDoctorCommand(program: Command, session: Session): void {
  const command = program
    .command('doctor')
    .summary('check this machine: Node, ffmpeg, ONNX Runtime, models, execution providers, disk, memory')
    .description('Checks what the product needs on this machine. The report names no private path and may be shared.')
    .helpGroup('System:');
  addCommonFlags(command).action(async (values: CommonValues) => {
    const terminal = session.open('doctor', values);
    const { runDoctor } = await import('../doctor/doctor.ts');
    session.endWith(await runDoctor(terminal));
  });
}

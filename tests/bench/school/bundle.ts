import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Students of a class, and classes of a student. */
const STUDENTS = 25;
const CLASSES = 5;
/** Classes that have the same students. */
const classesOf = (enrollments: number) => Math.ceil(enrollments / STUDENTS);

const columns = {
  orgs: 'sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId',
  academicSessions: 'sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear',
  courses:
    'sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,subjectCodes',
  classes:
    'sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods',
  users:
    'sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password',
  enrollments:
    'sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,endDate',
};

type File = keyof typeof columns;

/** Writes a OneRoster 1.1 bundle with so many enrollments into a folder; the files, in the order they are read. */
export async function writeBundle(folder: string, enrollments: number): Promise<string[]> {
  mkdirSync(folder);
  const files = Object.keys(columns) as File[];
  await pipeline([...manifest(files)].join(''), createWriteStream(join(folder, 'manifest.csv')));
  for (const file of files)
    await pipeline(() => inPieces(columns[file], rows[file](enrollments)), createWriteStream(pathIn(folder, file)));
  return files.map((file) => pathIn(folder, file));
}

const pathIn = (folder: string, file: File) => join(folder, `${file}.csv`);

function* manifest(files: readonly File[]) {
  yield 'propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n';
  for (const file of files) yield `file.${file},bulk\n`;
}

/** Lines gathered, since a write for each of a million costs more than the line. */
function* inPieces(header: string, lines: Iterable<string>): Generator<string> {
  let piece = `${header}\n`;
  for (const line of lines) {
    piece += `${line}\n`;
    if (piece.length < 65_536) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

function* upTo(count: number, line: (index: number) => string): Generator<string> {
  for (let index = 0; index < count; index++) yield line(index);
}

const schoolOf = (klass: number) => Math.floor(klass / 100);
const studentsOf = (enrollments: number) => Math.ceil(classesOf(enrollments) / CLASSES) * STUDENTS;

const rows: Record<File, (enrollments: number) => Iterable<string>> = {
  orgs: (enrollments) =>
    upTo(schoolOf(classesOf(enrollments)) + 1, (index) => `school-${index},,,School ${index},school,${index},`),
  academicSessions: () => ['year,,,2025-26,schoolYear,2025-08-25,2026-06-12,,2026'],
  courses: () => upTo(CLASSES, (index) => `course-${index},,,year,Course ${index},C${index},07,,,`),
  classes: (enrollments) =>
    upTo(
      classesOf(enrollments),
      (index) =>
        `class-${index},,,Class ${index},07,course-${index % CLASSES},C${index},scheduled,Room ${index % 40},school-${schoolOf(index)},year,,,${(index % 7) + 1}`,
    ),
  users: (enrollments) =>
    upTo(
      studentsOf(enrollments),
      (index) =>
        `student-${index},,,true,school-${schoolOf(Math.floor(index / STUDENTS) * CLASSES)},student,s${index},,Given${index % 997},Family${index % 4_999},,${index},s${index}@example.org,,,,07,`,
    ),
  enrollments: (enrollments) =>
    upTo(enrollments, (index) => {
      const klass = Math.floor(index / STUDENTS);
      const student = Math.floor(klass / CLASSES) * STUDENTS + (index % STUDENTS);
      return `enrollment-${index},,,class-${klass},school-${schoolOf(klass)},student-${student},student,false,2025-08-25,2026-06-12`;
    }),
};
